import type { Receipts } from './receipts.js';
import type { Session } from './session.js';
import { Stream, type StreamContext } from './subscription.js';
import type { MessageHandler, SubscribeOptions } from './types.js';

export interface SubscriptionsLink {
  readonly session: Session | undefined;
  /** Every subscription has its answer on this connection. */
  settled(): void;
  fail(reason: string): void;
}

/** All subscriptions of a client; they outlive connections, and keep their ids. */
export class Subscriptions {
  readonly #streams = new Map<string, Stream>();
  /** Those without an answer on this connection. */
  readonly #unconfirmed = new Set<Stream>();
  #count = 0;

  constructor(
    private readonly receipts: Receipts,
    private readonly link: SubscriptionsLink,
    private readonly context: Omit<StreamContext, 'unsubscribe'>,
  ) {}

  add(destination: string, handler: MessageHandler<unknown>, options: SubscribeOptions): Stream {
    const id = `s${this.#count++}`;
    const unsubscribe = (stream: Stream): void => this.#remove(stream);
    const stream = new Stream(id, destination, handler, options, { ...this.context, unsubscribe });
    this.#streams.set(id, stream);
    if (this.link.session) this.#subscribe(stream, this.link.session);
    return stream;
  }

  get settled(): boolean {
    return this.#unconfirmed.size === 0;
  }

  get(id: string | undefined): Stream | undefined {
    return id === undefined ? undefined : this.#streams.get(id);
  }

  /** On a new connection: every one again, each from its position. */
  restore(session: Session): void {
    for (const stream of this.#streams.values()) {
      // A state listener may have added one a moment ago, on this very connection.
      if (!this.#unconfirmed.has(stream)) this.#subscribe(stream, session);
    }
  }

  lost(): void {
    this.#unconfirmed.clear();
    for (const stream of this.#streams.values()) stream.lost();
  }

  stop(): void {
    this.#unconfirmed.clear();
    for (const stream of this.#streams.values()) stream.stop();
  }

  #subscribe(stream: Stream, session: Session): void {
    this.#unconfirmed.add(stream);
    const receipt = this.receipts.expect({
      received: (headers) => {
        stream.confirmed(headers);
        this.#settle(stream);
      },
      failed: (error) => {
        if (error.kind === 'disconnected' || error.kind === 'closed') return;
        stream.failed(error);
        // A server that says nothing at all will not serve the subscription either.
        if (error.kind === 'timeout') this.link.fail('no answer to a SUBSCRIBE');
        else this.#settle(stream);
      },
    });
    this.receipts.sending(receipt);
    session.subscribe(stream.id, stream.destination, { ...stream.subscribeHeaders(), receipt });
  }

  #remove(stream: Stream): void {
    this.#streams.delete(stream.id);
    this.link.session?.unsubscribe(stream.id);
    this.#settle(stream);
  }

  #settle(stream: Stream): void {
    if (this.#unconfirmed.delete(stream) && this.#unconfirmed.size === 0) this.link.settled();
  }
}
