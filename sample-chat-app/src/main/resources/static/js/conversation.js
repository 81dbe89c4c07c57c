import { byId } from './dom.js';
import { Composer } from './composer.js';
import { People } from './people.js';
import { Timeline } from './timeline.js';

const PAGE = 50;
const MOST = 500;

/** A room or a talk, from entering to leaving it: what is said, what I say, and who is there. */
export class Conversation {
  #topic;
  #subscription;
  #timeline;
  #people;
  #reading;
  #me;
  #end = new AbortController();
  /** Where live starts: what comes before is replayed. */
  #liveAt;
  /** What is replayed after a pause counts as new up to here. */
  #newUntil;
  #entered = false;
  /** Up to where I had read when I came; the server says it. */
  #readBefore;
  #mayRead = false;

  constructor(client, place, me, { reading, outgoing }) {
    this.place = place;
    this.#reading = reading;
    this.#me = me;
    this.#topic = client.topic(place.topic);
    this.#timeline = new Timeline(me, { end: this.#end.signal, onEarlier: (seq) => this.#earlier(seq) });
    outgoing.show(place.topic);
    // The subscription numbers, orders and recovers; all that is left to do is to show.
    this.#subscription = this.#topic.subscribe((message) => this.#received(message), {
      rewind: Math.min(MOST, Math.max(PAGE, reading.countOf(place.topic) + 10)),
      onRecovered: (recovery) => this.#recovered(recovery),
      onGap: ({ from, to }) => to >= from && this.#timeline.note(`Messages ${from} to ${to} are no longer kept`),
      onError: (error) => this.#timeline.note(`Problem in this conversation: ${error.message}`),
    });
    if (place.kind === 'room') this.#people = new People(this.#topic, me);
    new Composer(this.#topic.typing, { onSay: (text) => this.#say(text), end: this.#end.signal });
    document.addEventListener('visibilitychange', () => this.#seen(), { signal: this.#end.signal });
    this.connectionIs(client.state);
    void reading.stateOf(place.topic).then((state) => {
      this.#readBefore = state;
      if (!this.#end.signal.aborted) this.#markWhatIsNew();
    });
  }

  leave() {
    this.#end.abort();
    this.#subscription.unsubscribe();
    this.#people?.leave();
    this.#timeline.clear();
  }

  connectionIs(state) {
    this.#timeline.busy = state !== 'live' || !this.#entered;
    if (state === 'live') this.#seen();
  }

  /** Returns at once: the message is on the page while it is on its way. */
  #say(text) {
    this.#topic.send({ text }, { destination: this.place.say });
    this.#timeline.showNewest();
  }

  #received(message) {
    const { position } = message;
    const mine = message.payload.author === this.#me;
    const replayed = this.#newUntil?.epoch === position.epoch && position.seq <= this.#newUntil.seq;
    this.#timeline.add(message, { follow: mine });
    if (!mine && (replayed || document.hidden)) this.#timeline.countNew(position.seq);
    if (!replayed && !document.hidden) this.#timeline.stopCounting();
    if (position.seq >= this.#liveAt?.seq) this.#timeline.busy = false;
    this.#seen();
  }

  #recovered({ recovered, replayed, reason, position }) {
    const first = !this.#entered;
    this.#entered = true;
    this.#liveAt = position;
    this.#newUntil = recovered && !first ? position : undefined;
    if (!document.hidden) this.#timeline.stopCounting();
    this.#timeline.busy = recovered && replayed > 0;
    if (recovered) return this.#markWhatIsNew();
    // Never pretend: what may be missing is read again.
    this.#timeline.clear();
    if (!first) this.#timeline.note(`Could not continue where you left off (${reason}); the messages below were loaded again`);
    void this.#load({ limit: PAGE }).then(() => this.#markWhatIsNew());
  }

  /** "12 new messages" stands where I had read to; only then is anything marked as read. */
  #markWhatIsNew() {
    if (this.#mayRead || !this.#readBefore || !this.#entered) return;
    const { epoch, read, unread } = this.#readBefore;
    // What came since I am here is not what I missed.
    if (unread > 0 && read < this.#liveAt?.seq) this.#timeline.divideAfter({ epoch, seq: read }, unread);
    this.#mayRead = true;
    this.#seen();
  }

  #seen() {
    if (this.#mayRead && !this.#end.signal.aborted) this.#reading.mark(this.place.topic, this.#subscription.position);
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
      this.#timeline.note(`Earlier messages could not be loaded: ${error.message}`);
    }
  }
}

/** What the heading and the window say. */
export function entitle(place) {
  byId('room-title').textContent = place.name;
  byId('room-title').dataset.kind = place.kind;
  byId('people').hidden = place.kind !== 'room';
}
