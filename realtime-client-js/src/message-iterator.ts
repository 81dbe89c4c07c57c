import { reportError } from './application.js';
import { RealtimeError } from './errors.js';
import type { Messages, MessagesOptions } from './api.js';
import type { MessageHandler, Position, RealtimeMessage, SubscribeOptions, Subscription } from './types.js';

const DEFAULT_BUFFER = 1_000;

/** What ends with the client. */
export interface Endable {
  end(): void;
}

export type Subscribe<T> = (handler: MessageHandler<T>, options: SubscribeOptions) => Subscription;

/**
 * Messages for `for await`. They wait in a bounded buffer. When it is full the subscription ends, and begins again from
 * the last message that was buffered as soon as the loop has caught up: the log is the buffer then.
 */
export class MessageIterator<T> implements Messages<T> {
  readonly #buffer: RealtimeMessage<T>[] = [];
  readonly #limit: number;
  #subscription: Subscription | undefined;
  #from: Position | undefined;
  #ended = false;
  #waiting: ((result: IteratorResult<RealtimeMessage<T>>) => void)[] = [];

  constructor(
    private readonly subscribe: Subscribe<T>,
    private readonly options: MessagesOptions,
    private readonly running: Set<Endable>,
  ) {
    running.add(this);
    this.#limit = options.buffer ?? DEFAULT_BUFFER;
    this.#open(options);
  }

  get position(): Position | undefined {
    return this.#subscription?.position ?? this.#from;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<RealtimeMessage<T>>> {
    const value = this.#buffer.shift();
    if (value) {
      if (this.#buffer.length === 0) this.#resume();
      return Promise.resolve({ value, done: false });
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<RealtimeMessage<T>>> {
    this.unsubscribe();
    return Promise.resolve({ value: undefined, done: true });
  }

  unsubscribe(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#buffer.length = 0;
    this.end();
  }

  /** No more will come; what is buffered is still handed over. */
  end(): void {
    this.#ended = true;
    this.running.delete(this);
    for (const resolve of this.#waiting.splice(0)) resolve({ value: undefined, done: true });
  }

  #push(message: RealtimeMessage<T>): void {
    const waiting = this.#waiting.shift();
    if (waiting) return waiting({ value: message, done: false });
    this.#buffer.push(message);
    if (this.#buffer.length < this.#limit) return;
    if (!message.position.epoch) return this.#dropOldest();
    this.#from = message.position;
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  /** Messages without a number cannot be had again. */
  #dropOldest(): void {
    if (this.#buffer.length <= this.#limit) return;
    this.#buffer.shift();
    reportError(this.options.onError, new RealtimeError('overflow', `More than ${this.#limit} messages are waiting for the loop; the oldest was dropped`));
  }

  #resume(): void {
    if (this.#ended || this.#subscription || !this.#from) return;
    const { rewind: _, ...options } = this.options;
    this.#open({ ...options, position: this.#from });
  }

  /** A subscription that is refused brings nothing more: the loop ends. */
  #open(options: SubscribeOptions): void {
    this.#subscription = this.subscribe((message) => this.#push(message), {
      ...options,
      onError: (error) => {
        reportError(this.options.onError, error);
        if (error instanceof RealtimeError && error.kind === 'denied') this.end();
      },
    });
  }
}
