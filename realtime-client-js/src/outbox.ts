import { tell, reportError } from './application.js';
import { fullJitter, type BackoffPolicy } from './backoff.js';
import { RATE_LIMITED, RealtimeError } from './errors.js';
import { positionOf } from './message.js';
import { newMessageId } from './message-id.js';
import { destinationOf } from './names.js';
import type { Receipts } from './receipts.js';
import { sendFrame, sizeOf, type SendNow } from './send-frame.js';
import { OutgoingMessage } from './sending.js';
import type { SendListener, Sending, SendOptions } from './api.js';
import type { RealtimeMessage } from './types.js';

/** The server remembers ids for 5 minutes: after less than that an unknown outcome is no longer repeated by itself. */
const REPEAT_WITHIN_MS = 4 * 60_000;

/**
 * How many are without an answer at a time. More would wait in the network instead of here, until their time is over although
 * nothing is wrong, and be sent again on top of it all.
 */
const WINDOW = 20;

const NO_ECHO = new RealtimeError('timeout', 'The server handled the message, but it did not come back in time', 'no-echo');
const TOO_LARGE = new RealtimeError('denied', 'The message is larger than the server accepts', 'too-large');
const UNKNOWN_OUTCOME = new RealtimeError('timeout', 'No answer arrived: the message may have been published', 'unknown-outcome');

export interface OutboxLink {
  readonly send: SendNow | undefined;
  /** Since when everything is subscribed and confirmed, milliseconds since 1970; undefined while it is not. */
  readonly liveSince: number | undefined;
  /** Whether the echo of a message of this topic would be seen here. */
  listensTo(topic: string): boolean;
}

/**
 * Messages on their way, in order. Each keeps its id through reconnects and retries, so that the server numbers it once;
 * and it is known to have arrived by its RECEIPT or by its echo, whichever comes first.
 */
export class Outbox {
  /** In the order of `send()`; failed ones stay for their `retry()` or a late echo, until others need the room. */
  readonly #messages = new Map<string, OutgoingMessage>();
  readonly #listeners = new Set<SendListener>();
  #failures = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** The server has asked for a pause: what waits stays in its order until then. */
  #held = false;
  #closed = false;

  constructor(
    private readonly receipts: Receipts,
    private readonly link: OutboxLink,
    private readonly policy: { readonly maxPending: number; readonly timeoutMs: number; readonly backoff: BackoffPolicy },
  ) {}

  onSend(listener: SendListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send<T>(topic: string, payload: T, options: SendOptions): Sending<T> {
    const id = options.id ?? newMessageId();
    const known = this.#messages.get(id);
    if (known) return known as unknown as Sending<T>;
    const frame = sendFrame(options.destination ?? destinationOf(topic), payload, { ...options, id });
    const message: OutgoingMessage = new OutgoingMessage({ id, topic, payload, type: options.type }, frame, {
      retry: () => this.#retry(message),
      ended: () => this.#closed,
      changed: () => this.#tell(message),
    });
    this.#messages.set(id, message);
    this.#tell(message);
    if (this.#hasRoom()) this.flush();
    else this.#fail(message, new RealtimeError('disconnected', `${this.policy.maxPending} messages are already waiting to be sent (option maxPending)`, 'full'));
    return message as unknown as Sending<T>;
  }

  /** Sends what waits, in order, as far as the window lets it. */
  flush(): void {
    const { send } = this.link;
    if (!send || this.#held) return;
    const messages = [...this.#messages.values()];
    let room = WINDOW - messages.filter(({ step }) => step === 'written').length;
    for (const message of messages) {
      if (room <= 0) return;
      if (message.step !== 'waiting') continue;
      room--;
      this.#write(message, send);
    }
  }

  /** A message of ours came back: that proves it, whatever became of the RECEIPT. */
  arrived({ id, topic, position }: RealtimeMessage): void {
    const message = id === undefined ? undefined : this.#messages.get(id);
    if (message?.topic !== topic) return;
    this.#settle(message);
    message.arrived(position.epoch ? position : undefined);
    this.flush();
  }

  /** The server ended the connection because of a frame of this size: repeating it would end the next one too. */
  tooLarge(size: number): void {
    const message = [...this.#messages.values()].find(({ step, frame }) => step === 'written' && sizeOf(frame) >= size);
    if (message) this.#fail(message, TOO_LARGE);
  }

  close(error: RealtimeError): void {
    this.#closed = true;
    clearTimeout(this.#again);
    for (const message of [...this.#messages.values()]) {
      if (message.state === 'sending') this.#fail(message, error);
    }
  }

  #write(message: OutgoingMessage, send: SendNow): void {
    // To send it now could double it. If it was published, recovery brings it back.
    if (message.firstWrittenMsAgo() > REPEAT_WITHIN_MS) return this.#awaitEcho(message, UNKNOWN_OUTCOME);
    const receipt = this.receipts.expect({
      received: (headers) => {
        this.#failures = 0;
        const position = positionOf(headers);
        // Application code was called: only the echo tells that it published.
        if (!position && message.forApplication && this.link.listensTo(message.topic)) this.#awaitEcho(message, NO_ECHO);
        else if (message.state === 'sending') {
          this.#settle(message);
          message.arrived(position);
        }
        this.flush();
      },
      failed: (error) => {
        this.#onFailure(message, error);
        if (error.kind === 'denied' && error.reason !== RATE_LIMITED) this.flush();
      },
    });
    const written = message.written();
    this.receipts.sending(receipt);
    const wanted = (): boolean => message.step === 'written' && message.tries === written;
    send({ ...message.frame, headers: { ...message.frame.headers, receipt }, wanted });
  }

  #onFailure(message: OutgoingMessage, error: RealtimeError): void {
    if (message.state !== 'sending') return;
    const again = error.kind === 'disconnected' || error.kind === 'timeout' || error.reason === 'publish-unknown' || error.reason === RATE_LIMITED;
    if (!again) return this.#fail(message, error);
    message.waits();
    // On a connection that stays there is no reconnect to wait for.
    const pause = error.retryAfterMs !== undefined && !this.#held;
    if (this.#again !== undefined && !pause) return;
    clearTimeout(this.#again);
    this.#held = pause;
    this.#again = setTimeout(() => {
      this.#again = undefined;
      this.#held = false;
      this.flush();
    }, (error.retryAfterMs ?? 0) + fullJitter(this.#failures++, this.policy.backoff));
  }

  #awaitEcho(message: OutgoingMessage, otherwise: RealtimeError): void {
    message.awaitsEcho(setTimeout(() => {
      if (message.step !== 'echo') return;
      // While the connection is away, or has just come back, the echo may still come by recovery.
      const { liveSince = Infinity } = this.link;
      if (Date.now() - liveSince >= this.policy.timeoutMs) this.#fail(message, otherwise);
      else this.#awaitEcho(message, otherwise);
    }, this.policy.timeoutMs));
  }

  #retry(message: OutgoingMessage): void {
    // To the end of the queue: what was said after it may be out already.
    this.#messages.delete(message.id);
    this.#messages.set(message.id, message);
    this.flush();
  }

  #fail(message: OutgoingMessage, error: RealtimeError): void {
    message.failed(error);
  }

  #settle(message: OutgoingMessage): void {
    this.#messages.delete(message.id);
  }

  /** Forgets the oldest failed ones; false when too many are on their way. */
  #hasRoom(): boolean {
    const messages = [...this.#messages.values()];
    const failed = messages.filter(({ state }) => state === 'failed');
    for (const { id } of failed.slice(0, Math.max(0, messages.length - this.policy.maxPending))) this.#messages.delete(id);
    return messages.length - failed.length <= this.policy.maxPending;
  }

  #tell(message: OutgoingMessage): void {
    for (const listener of [...this.#listeners]) {
      tell(() => listener(message), (error) => reportError(undefined, error));
    }
  }
}
