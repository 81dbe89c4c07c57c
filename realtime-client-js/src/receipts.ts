import { RealtimeError } from './errors.js';
import type { Headers } from './message.js';

/** Exactly one of the two is called, at most once. Synchronous: a SUBSCRIBE's first MESSAGE may follow in the same read. */
export interface Outcome {
  received(headers: Headers): void;
  failed(error: RealtimeError): void;
}

interface Pending extends Outcome {
  readonly timer: ReturnType<typeof setTimeout>;
  sent: boolean;
}

/** Frames that wait for the server's RECEIPT, by receipt id. */
export class Receipts {
  readonly #pending = new Map<string, Pending>();
  #count = 0;

  constructor(private readonly timeoutMs: number) {}

  /** The time-out counts from here, also for a frame that cannot be sent yet. */
  expect(outcome: Outcome): string {
    const id = `r${++this.#count}`;
    const timer = setTimeout(() => {
      this.refuse(id, new RealtimeError('timeout', `No answer within ${this.timeoutMs} ms`));
    }, this.timeoutMs);
    this.#pending.set(id, { ...outcome, timer, sent: false });
    return id;
  }

  /** Right before the frame goes out; false when nobody waits for it any more. */
  sending(id: string): boolean {
    const pending = this.#pending.get(id);
    if (pending) pending.sent = true;
    return pending !== undefined;
  }

  receive(id: string, headers: Headers): void {
    this.#take(id)?.received(headers);
  }

  /** Tells whether anyone waited for it. */
  refuse(id: string, error: RealtimeError): boolean {
    const pending = this.#take(id);
    pending?.failed(error);
    return pending !== undefined;
  }

  /** The connection is gone, and with it the answers to what was sent on it. */
  refuseSent(error: RealtimeError): void {
    for (const [id, { sent }] of [...this.#pending]) {
      if (sent) this.refuse(id, error);
    }
  }

  /** Forgets it: its answer is of no interest any more. */
  cancel(id: string | undefined): void {
    if (id !== undefined) this.#take(id);
  }

  refuseAll(error: RealtimeError): void {
    for (const id of [...this.#pending.keys()]) this.refuse(id, error);
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    return pending;
  }
}
