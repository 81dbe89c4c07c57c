import type { UnreadState } from './api.js';
import { pause } from './backoff.js';
import { RealtimeHttpError } from './errors.js';
import type { Headers, WireMessage } from './message.js';
import type { SessionListener } from './session.js';

/** Where nothing pushes counts they are asked for so often, milliseconds. */
const EVERY_MS = 10_000;

type ReadUnread = (topics: readonly string[], signal: AbortSignal) => Promise<readonly UnreadState[]>;

/** Stands in for subscriptions to `/realtime/unread`, which streams over HTTP do not have. */
export class UnreadPolls {
  readonly #polls = new Map<string, AbortController>();

  constructor(private readonly read: ReadUnread, private readonly listener: Pick<SessionListener, 'message' | 'receipt' | 'control'>) {}

  add(id: string, { topics = '', receipt }: Headers): void {
    const poll = new AbortController();
    this.#polls.set(id, poll);
    const told = new Map<string, string>();
    let confirmed = false;
    const ask = async (): Promise<void> => {
      try {
        const states = await this.read(topics.split(','), poll.signal);
        if (poll.signal.aborted) return;
        if (!confirmed && receipt !== undefined) this.listener.receipt(receipt, {});
        confirmed = true;
        for (const state of states) {
          const text = JSON.stringify(state);
          if (told.get(state.topic) === text) continue;
          told.set(state.topic, text);
          const message: Partial<WireMessage> = { timestamp: Date.now(), contentType: 'application/json', payload: state };
          this.listener.message(id, {}, message as WireMessage);
        }
      } catch (error) {
        if (poll.signal.aborted) return;
        if (error instanceof RealtimeHttpError && error.status < 500) {
          const denied = { event: 'denied', reason: error.reason ?? `HTTP ${error.status}`, message: error.message, 'subscription-id': id };
          return this.listener.control(receipt === undefined || confirmed ? denied : { ...denied, 'receipt-id': receipt }, '');
        }
      }
      await pause(EVERY_MS, poll.signal);
      if (!poll.signal.aborted) void ask();
    };
    void ask();
  }

  remove(id: string): boolean {
    this.#polls.get(id)?.abort();
    return this.#polls.delete(id);
  }

  stop(): void {
    for (const id of [...this.#polls.keys()]) this.remove(id);
  }
}
