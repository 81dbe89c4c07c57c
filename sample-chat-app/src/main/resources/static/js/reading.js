const PAUSE = 500;

/** What I have read, on whichever device: the server counts, the page says how far somebody has looked. */
export class Reading {
  #client;
  #show;
  #watch;
  #states = new Map();
  #waiting = new Map();
  #marks = new Map();

  constructor(client, show) {
    this.#client = client;
    this.#show = show;
  }

  watch(topics) {
    this.#watch?.stop();
    this.#watch = this.#client.unread.watch(topics, (topic, count, state) => {
      this.#states.set(topic, state);
      this.#waiting.get(topic)?.(state);
      this.#waiting.delete(topic);
      this.#show(topic, count);
    });
  }

  countOf(topic) {
    return this.#states.get(topic)?.unread ?? 0;
  }

  /** Up to where the topic had been read when it was opened; waits until the server has said so. */
  stateOf(topic) {
    const known = this.#states.get(topic);
    return known ? Promise.resolve(known) : new Promise((resolve) => this.#waiting.set(topic, resolve));
  }

  /** Not for each message: the last position within half a second stands for all before. */
  mark(topic, position) {
    if (document.hidden || !position?.epoch) return;
    if (!this.#marks.has(topic)) setTimeout(() => this.#say(topic), PAUSE);
    this.#marks.set(topic, position);
  }

  #say(topic) {
    const position = this.#marks.get(topic);
    this.#marks.delete(topic);
    // What gets lost is said again with the next message or visit: a read position only moves forwards.
    this.#client.unread.markRead(topic, position).catch(() => {});
  }
}
