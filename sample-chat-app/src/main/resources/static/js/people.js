import { avatar, byId, element } from './dom.js';

/** Who is in the room: the list at the start, then joins and leaves as they happen. */
export class People {
  #topic;
  #me;
  #events;
  #members = new Set();
  /** What happens while the list is on its way; undefined when it is not. */
  #meanwhile;
  #left = false;

  constructor(client, topic, me) {
    this.#topic = topic;
    this.#me = me;
    this.#events = client.topic(`_presence.${topic.name}`).subscribe(({ payload }) => this.#happened(payload));
    this.#show();
  }

  /** Reads the list anew: at the start, and after each reconnect. */
  async reload() {
    const meanwhile = (this.#meanwhile = []);
    try {
      const { members } = await this.#topic.presence();
      if (this.#meanwhile !== meanwhile) return; // A later one is under way.
      this.#members = new Set(members.map(({ user }) => user));
      meanwhile.forEach((event) => apply(this.#members, event));
      this.#meanwhile = undefined;
      this.#show();
    } catch {
      // The connection is gone again; the next one reads it.
    }
  }

  leave() {
    this.#left = true;
    this.#events.unsubscribe();
  }

  #happened(event) {
    this.#meanwhile?.push(event);
    apply(this.#members, event);
    this.#show();
  }

  #show() {
    if (this.#left) return;
    const names = [...this.#members].sort((one, other) => one.localeCompare(other));
    byId('people-count').textContent = names.length;
    byId('members').replaceChildren(...names.map((name) => this.#view(name)));
  }

  #view(name) {
    const label = name === this.#me ? `${name} (you)` : name;
    return element('li', { 'data-user': name }, avatar(name), element('span', {}, label));
  }
}

function apply(members, { event, user }) {
  if (event === 'join') members.add(user);
  else members.delete(user);
}

/** Open where there is room for it, a button where there is not. */
const wide = matchMedia('(min-width: 60rem)');
const fold = () => (byId('people').open = wide.matches);
wide.addEventListener('change', fold);
fold();
