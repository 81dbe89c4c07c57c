import type { UnreadState } from './api.js';
import { pause } from './backoff.js';
import { RealtimeHttpError } from './errors.js';
import type { Headers, WireMessage } from './message.js';
import { decodeName } from './names.js';
import type { SessionListener } from './session.js';
import { isRefusal } from './verdict.js';

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
    let unconfirmed = receipt;
    let failing = false;
    const confirm = (): void => {
      if (unconfirmed !== undefined) this.listener.receipt(unconfirmed, {});
      unconfirmed = undefined;
    };
    const ask = async (): Promise<void> => {
      try {
        const states = await this.read(topics.split(',').map(decodeName), poll.signal);
        if (poll.signal.aborted) return;
        confirm();
        failing = false;
        for (const state of states) {
          const text = JSON.stringify(state);
          if (told.get(state.topic) === text) continue;
          told.set(state.topic, text);
          const message: Partial<WireMessage> = { timestamp: Date.now(), contentType: 'application/json', payload: state };
          this.listener.message(id, {}, message as WireMessage);
        }
      } catch (error) {
        if (poll.signal.aborted) return;
        const final = error instanceof RealtimeHttpError && error.verdict === 'final';
        // The counts come later: no other subscription need wait for that.
        if (!final) confirm();
        if (isRefusal(error) && !failing) {
          const { message, reason = message } = error;
          const denied = { event: 'denied', reason, message, 'subscription-id': id };
          this.listener.control(unconfirmed === undefined ? denied : { ...denied, 'receipt-id': unconfirmed }, '');
        }
        if (final) return;
        failing = true;
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
