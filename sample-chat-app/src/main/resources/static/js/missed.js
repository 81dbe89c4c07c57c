/** What was said while I was away: everything between my return and the position at which live starts. */
export class Missed {
  count = 0;
  #until;

  constructor(until) {
    this.#until = until;
  }

  /** Whether the message is one of them; counts it. */
  counts({ position }) {
    const isMissed = position.epoch === this.#until.epoch && position.seq <= this.#until.seq;
    if (isMissed) this.count++;
    return isMissed;
  }

  toString() {
    return `You missed ${this.count} ${this.count === 1 ? 'message' : 'messages'}`;
  }
}
