import { avatar, byId, element } from './dom.js';

/** Who is in the room. The client keeps the list right through reconnects. */
export class People {
  #me;
  #watch;

  constructor(topic, me) {
    this.#me = me;
    this.#show([], 0);
    this.#watch = topic.watchPresence({ onChange: (members, count) => this.#show(members, count) });
  }

  leave() {
    this.#watch.stop();
  }

  #show(members, count) {
    const names = [...members].sort((one, other) => one.localeCompare(other));
    byId('people-count').textContent = count;
    byId('members').replaceChildren(...names.map((name) => this.#view(name)));
  }

  #view(name) {
    if (name === this.#me) return element('li', { 'data-user': name }, avatar(name), element('span', {}, `${name} (you)`));
    const link = element('a', { href: `#@${encodeURIComponent(name)}`, title: `Send ${name} a direct message` }, avatar(name), element('span', {}, name));
    return element('li', { 'data-user': name }, link);
  }
}

/** Open where there is room for it, a button where there is not. */
const wide = matchMedia('(min-width: 60rem)');
const fold = () => (byId('people').open = wide.matches);
wide.addEventListener('change', fold);
fold();
