import { RealtimeError } from './errors.js';
import type { SendFrame } from './send-frame.js';
import type { Sending, SendingState } from './api.js';
import type { Position } from './types.js';

/** `waiting` for a connection, `written` and without an answer, or handled by the application and waiting for its `echo`. */
type Step = 'waiting' | 'written' | 'echo' | 'done';

export interface SendingOwner {
  retry(): void;
  /** Nothing is sent any more. */
  ended(): boolean;
  changed(): void;
}

/** One message of `send()` and what is known about it. */
export class OutgoingMessage implements Sending<unknown> {
  readonly id: string;
  readonly topic: string;
  readonly payload: unknown;
  readonly type: string | undefined;
  readonly since = Date.now();
  #state: SendingState = 'sending';
  #step: Step = 'waiting';
  #error: RealtimeError | undefined;
  #tries = 0;
  #firstWritten: number | undefined;
  #echoTimer: ReturnType<typeof setTimeout> | undefined;
  #outcome = outcome();

  constructor(
    message: { readonly id: string; readonly topic: string; readonly payload: unknown; readonly type: string | undefined },
    readonly frame: SendFrame,
    private readonly owner: SendingOwner,
  ) {
    this.id = message.id;
    this.topic = message.topic;
    this.payload = message.payload;
    this.type = message.type;
  }

  get state(): SendingState {
    return this.#state;
  }

  get step(): Step {
    return this.#step;
  }

  get tries(): number {
    return this.#tries;
  }

  get error(): RealtimeError | undefined {
    return this.#error;
  }

  get sent(): Promise<Position | undefined> {
    return this.#outcome.promise;
  }

  get forApplication(): boolean {
    return !/^\/(topic|queue)\//.test(this.frame.destination);
  }

  retry(): void {
    if (this.#state !== 'failed' || this.owner.ended()) return;
    this.#outcome = outcome();
    this.#error = undefined;
    this.#firstWritten = undefined;
    this.#change('sending', 'waiting');
    this.owner.retry();
  }

  fail(reason: string): void {
    if (this.#state === 'sending') this.failed(new RealtimeError('denied', reason, reason));
  }

  firstWrittenMsAgo(): number {
    return this.#firstWritten === undefined ? 0 : Date.now() - this.#firstWritten;
  }

  waits(): void {
    this.#step = 'waiting';
  }

  /** Tells which try it is. */
  written(): number {
    this.#step = 'written';
    this.#firstWritten ??= Date.now();
    return ++this.#tries;
  }

  awaitsEcho(timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(this.#echoTimer);
    this.#step = 'echo';
    this.#echoTimer = timer;
  }

  arrived(position: Position | undefined): void {
    if (this.#state === 'sent') return;
    // A late echo proves even a failed one wrong.
    if (this.#state === 'failed') this.#outcome = outcome();
    this.#error = undefined;
    this.#outcome.resolve(position);
    this.#change('sent', 'done');
  }

  failed(error: RealtimeError): void {
    this.#error = error;
    this.#outcome.reject(error);
    this.#change('failed', 'done');
  }

  #change(state: SendingState, step: Step): void {
    clearTimeout(this.#echoTimer);
    this.#state = state;
    this.#step = step;
    this.owner.changed();
  }
}

function outcome() {
  let resolve!: (position: Position | undefined) => void;
  let reject!: (error: RealtimeError) => void;
  const promise = new Promise<Position | undefined>((yes, no) => ([resolve, reject] = [yes, no]));
  // Who only looks at the state has not forgotten to handle anything.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
