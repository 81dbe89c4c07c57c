import { byId } from './dom.js';
import { Missed } from './missed.js';
import { Outbox } from './outbox.js';
import { People } from './people.js';
import { Timeline } from './timeline.js';
import { Reading } from './unread.js';

const PAGE = 50;

/** One room, from entering to leaving it: what is said, what I say, and who is there. */
export class Room {
  #topic;
  #subscription;
  #timeline;
  #outbox;
  #people;
  #missed;
  #reading;
  #entered = false;
  #end = new AbortController();

  constructor(client, name, me) {
    this.name = name;
    this.#topic = client.topic(`room.${name}`);
    this.#timeline = new Timeline(me, { end: this.#end.signal, onEarlier: (seq) => this.#earlier(seq) });
    this.#outbox = new Outbox(me, (text, id) => this.#topic.publish({ text }, { id, destination: `/app/room/${name}/say` }));
    this.#people = new People(client, this.#topic, me);
    this.#reading = new Reading(this.#topic, () => this.#subscription.position, this.#end.signal);
    // The subscription numbers, orders and recovers; all that is left to do is to show.
    this.#subscription = this.#topic.subscribe((message) => this.#received(message), {
      rewind: PAGE,
      onRecovered: (recovery) => this.#recovered(recovery),
      onGap: ({ from, to }) => to >= from && this.#timeline.note(`Messages ${from} to ${to} are no longer kept`),
      onError: (error) => this.#timeline.note(`This room has a problem: ${error.message}`),
    });
    this.#compose();
    byId('room-title').textContent = name;
    document.title = `${name} · Chat`;
    this.connectionIs(client.state);
  }

  leave() {
    this.#end.abort();
    this.#subscription.unsubscribe();
    this.#people.leave();
    this.#timeline.clear();
    this.#outbox.clear();
  }

  connectionIs(state) {
    this.#timeline.busy = state !== 'live' || !this.#entered;
    if (state !== 'live') return;
    this.#people.reload();
    this.#reading.seen();
  }

  /** The server did not take a message of mine. */
  refused({ id, why, retry }) {
    this.#outbox.failed(id, why, retry);
  }

  #received(message) {
    const mine = this.#outbox.confirmed(message.id);
    if (!mine && this.#missed?.counts(message)) this.#timeline.missed(this.#missed);
    this.#timeline.add(message, { follow: mine });
    this.#reading.seen();
  }

  #recovered({ recovered, replayed, reason, position }) {
    const first = !this.#entered;
    this.#entered = true;
    this.#missed = recovered && !first && position ? new Missed(position) : undefined;
    if (first && recovered) this.#timeline.busy = replayed > 0;
    if (recovered) return;
    // Rule 4 of the design: never pretend. What may be missing is read again.
    this.#timeline.clear();
    if (!first) this.#timeline.note(`Could not continue where you left (${reason}); the room was loaded anew`);
    void this.#load({ limit: PAGE });
  }

  #earlier(before) {
    return this.#load({ before, limit: PAGE });
  }

  async #load(query) {
    try {
      const { messages, hasMore } = await this.#topic.history(query);
      if (this.#end.signal.aborted) return;
      for (const message of messages) this.#timeline.add(message);
      if (!hasMore) this.#timeline.complete();
    } catch (error) {
      this.#timeline.note(`Earlier messages could not be read: ${error.message}`);
    }
  }

  #compose() {
    const { signal } = this.#end;
    const form = byId('say');
    const field = byId('text');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      field.value = '';
      this.#outbox.say(text);
      this.#timeline.showNewest();
    }, { signal });
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    }, { signal });
  }
}
