/* The event stream format of the HTML standard, as far as a client needs it. */

export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
  /** The last id that the stream gave, also with an earlier event. */
  readonly id: string;
}

/** A line that is longer is not ours: a server that never ends a line must not fill the memory. */
export const MAX_LINE = 4 * 1024 * 1024;

/** Text in, in pieces of any size; events out. */
export class EventStreamParser {
  /** The beginning of a line, in the pieces in which it came. */
  #rest: string[] = [];
  #restSize = 0;
  #event = '';
  #data: string[] = [];
  #size = 0;
  #id = '';
  #first = true;

  /** Throws a `RangeError` when a line or an event is too long. */
  feed(chunk: string): StreamEvent[] {
    const pending = this.#rest.at(-1)?.endsWith('\r');
    this.#rest.push(chunk);
    this.#restSize += chunk.length;
    // Joined only when a line may be complete: else many small pieces of a long line would cost their square.
    if (!pending && !/[\r\n]/.test(chunk)) return this.#bounded([]);
    let text = this.#rest.join('');
    if (this.#first && text !== '') {
      this.#first = false;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    const events: StreamEvent[] = [];
    const ends = /\r\n|\n|\r/g;
    let from = 0;
    for (let end = ends.exec(text); end; end = ends.exec(text)) {
      // A CR at the very end: the LF that may belong to it has not come yet.
      if (end[0] === '\r' && ends.lastIndex === text.length) break;
      const done = this.#line(text.slice(from, end.index));
      if (done) events.push(done);
      from = ends.lastIndex;
    }
    this.#rest = [text.slice(from)];
    this.#restSize = text.length - from;
    return this.#bounded(events);
  }

  #bounded(events: StreamEvent[]): StreamEvent[] {
    if (this.#restSize > MAX_LINE) throw new RangeError('A line of the event stream is too long');
    return events;
  }

  #line(line: string): StreamEvent | undefined {
    if (line === '') return this.#dispatch();
    if (line.startsWith(':')) return undefined;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'data') {
      this.#size += value.length;
      if (this.#size > MAX_LINE) throw new RangeError('An event of the stream is too long');
      this.#data.push(value);
    }
    return undefined;
  }

  #dispatch(): StreamEvent | undefined {
    const [event, data] = [this.#event || 'message', this.#data];
    this.#event = '';
    this.#data = [];
    this.#size = 0;
    return data.length === 0 ? undefined : { event, data: data.join('\n'), id: this.#id };
  }
}
