const PAUSE = 500;
/** The server's bound for one subscription. */
const MOST = 100;

/** Tells how many messages of each room I have not read: the server counts, so all my devices show the same. */
export class Unread {
  #client;
  #show;
  #counts;

  constructor(client, show) {
    this.#client = client;
    this.#show = show;
  }

  /** The list is in the SUBSCRIBE: another list is another subscription. */
  watch(rooms) {
    this.#counts?.unsubscribe();
    const topics = rooms.slice(-MOST).map((name) => `room.${name}`).join(',');
    this.#counts = this.#client.onUser('/realtime/unread', ({ payload }) => this.#show(payload.topic.replace('room.', ''), payload.unread), {
      headers: { topics },
    });
  }
}

/** Says how far I have read one room: while somebody looks at the page, and not for each message. */
export class Reading {
  #topic;
  #position;
  #end;
  #timer;

  constructor(topic, position, end) {
    this.#topic = topic;
    this.#position = position;
    this.#end = end;
    document.addEventListener('visibilitychange', () => this.seen(), { signal: end });
  }

  seen() {
    if (!document.hidden) this.#timer ??= setTimeout(() => void this.#say(), PAUSE);
  }

  async #say() {
    this.#timer = undefined;
    const position = this.#position();
    if (!position || document.hidden || this.#end.aborted) return;
    const headers = { topic: this.#topic.name, epoch: position.epoch, seq: String(position.seq) };
    // If it gets lost, the next message or the next visit says it again: a read position only moves forwards.
    await this.#topic.publish('', { destination: '/realtime/read', headers }).catch(() => {});
  }
}
