import { fullJitter } from './backoff.js';
import { RATE_LIMITED, type RealtimeError } from './errors.js';
import { destinationOf } from './names.js';
import type { Receipts } from './receipts.js';
import type { Session } from './session.js';
import { PatternStream } from './pattern-stream.js';
import { Stream, type ConnectedSubscription, type StreamContext, type StreamOptions } from './subscription.js';
import type { MessageHandler, PatternOptions, Position, Signal } from './types.js';

export interface SubscriptionsLink {
  readonly session: Session | undefined;
  /** Every subscription has its answer on this connection. */
  settled(): void;
  fail(reason: string): void;
}

/** All subscriptions of a client; they outlive connections, and keep their ids. */
export class Subscriptions {
  readonly #streams = new Map<string, ConnectedSubscription>();
  /** Those without an answer on this connection, with the id of the RECEIPT they wait for. */
  readonly #unconfirmed = new Map<ConnectedSubscription, string | undefined>();
  /** The last token of each, which lets its holes be fetched too. */
  readonly #tokens = new Map<string, string | undefined>();
  #count = 0;

  constructor(
    private readonly receipts: Receipts,
    private readonly link: SubscriptionsLink,
    private readonly context: Omit<StreamContext, 'unsubscribe'>,
  ) {}

  add(destination: string, handler: MessageHandler<unknown>, options: StreamOptions): Stream {
    return this.#add((id, context) => new Stream(id, destination, handler, options, context));
  }

  addPattern(pattern: string, handler: MessageHandler<unknown>, options: PatternOptions): PatternStream {
    return this.#add((id, context) => new PatternStream(id, pattern, handler, options, context));
  }

  /** Where each destination stands: for several subscriptions to one, the furthest behind. */
  *positions(): Iterable<readonly [string, Position]> {
    const lowest = new Map<string, Position>();
    for (const { stored, destination, position } of this.#streams.values()) {
      const other = lowest.get(destination);
      const ahead = other?.epoch === position?.epoch && (other?.seq ?? Infinity) <= (position?.seq ?? 0);
      if (stored && position && !ahead) lowest.set(destination, position);
    }
    yield* lowest;
  }

  /** Whether messages of the topic are coming in, so that the echo of an own one will. */
  listensTo(topic: string): boolean {
    return [...this.#streams.values()].some((stream) => stream.confirmedNow && stream.destination === destinationOf(topic));
  }

  get settled(): boolean {
    return this.#unconfirmed.size === 0;
  }

  get(id: string | undefined): ConnectedSubscription | undefined {
    return id === undefined ? undefined : this.#streams.get(id);
  }

  /** Streams over HTTP tell a signal once for the topic and not for each subscription. */
  signal(signal: Signal, id: string | undefined): void {
    if (id !== undefined) this.#streams.get(id)?.signal(signal);
    else for (const stream of this.#streams.values()) if (stream.topic === signal.topic) stream.signal(signal);
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

  #add<S extends ConnectedSubscription>(make: (id: string, context: StreamContext) => S): S {
    const id = `s${this.#count++}`;
    const { fetchPage } = this.context;
    const stream = make(id, {
      ...this.context,
      fetchPage: (topic, hole, signal) => fetchPage(topic, { ...hole, 'subscription-token': this.#tokens.get(id) }, signal),
      unsubscribe: (gone) => this.#remove(gone),
    });
    this.#streams.set(stream.id, stream);
    if (this.link.session) this.#subscribe(stream, this.link.session);
    return stream;
  }

  #subscribe(stream: ConnectedSubscription, session: Session): void {
    if (!stream.servedBy(session.transport)) return;
    this.#unconfirmed.set(stream, undefined);
    // A stream that was lost or stopped meanwhile does not call back; one whose state came late is asked for late.
    stream.prepare(() => this.#ask(stream, session), () => this.#settle(stream));
  }

  /** The server has ended it, or what it brings of one topic. */
  ended(stream: ConnectedSubscription, error: RealtimeError): void {
    const { session } = this.link;
    if (error.reason !== 'expired' || typeof stream.token !== 'function' || !session) return stream.failed(error);
    stream.lost();
    this.#subscribe(stream, session);
  }

  #ask(stream: ConnectedSubscription, session: Session): void {
    const { token } = stream;
    if (typeof token !== 'function') return this.#send(stream, session, token);
    const failed = (error: unknown): void => {
      if (!this.#isWanted(stream, session)) return;
      stream.failed(error);
      this.#settle(stream);
      setTimeout(() => this.#isWanted(stream, session) && this.#subscribe(stream, session), this.context.backoff.capMs);
    };
    void Promise.resolve().then(token).then((fetched) => this.#send(stream, session, fetched), failed);
  }

  #isWanted(stream: ConnectedSubscription, session: Session): boolean {
    return this.link.session === session && this.#streams.get(stream.id) === stream;
  }

  #send(stream: ConnectedSubscription, session: Session, token: string | undefined): void {
    if (!this.#isWanted(stream, session)) return;
    this.#tokens.set(stream.id, token);
    const receipt = this.receipts.expect({
      received: (headers) => {
        stream.confirmed(headers);
        this.#settle(stream);
      },
      failed: (error) => {
        if (error.kind === 'disconnected' || error.kind === 'closed') return;
        if (error.reason === RATE_LIMITED) return void this.#askLater(stream, session, error.retryAfterMs);
        const again = stream.refused(error);
        // A server that says nothing at all will not serve the subscription either.
        if (error.kind === 'timeout') this.link.fail('no answer to a SUBSCRIBE');
        else if (again) this.#ask(stream, session);
        else this.#settle(stream);
      },
    });
    this.#unconfirmed.set(stream, receipt);
    this.receipts.sending(receipt);
    session.subscribe(stream.id, stream.destination, {
      ...stream.subscribeHeaders(), ...(token !== undefined && { 'subscription-token': token }), receipt,
    });
  }

  /** It was asked for too soon: nothing is wrong with it, and it stays without an answer until then. */
  #askLater(stream: ConnectedSubscription, session: Session, afterMs = 1_000): void {
    this.#unconfirmed.set(stream, undefined);
    setTimeout(() => {
      if (this.#unconfirmed.has(stream)) this.#ask(stream, session);
    }, afterMs + fullJitter(0, this.context.backoff));
  }

  #remove(stream: ConnectedSubscription): void {
    this.#streams.delete(stream.id);
    this.#tokens.delete(stream.id);
    this.link.session?.unsubscribe(stream.id);
    this.receipts.cancel(this.#unconfirmed.get(stream));
    this.#settle(stream);
  }

  #settle(stream: ConnectedSubscription): void {
    if (this.#unconfirmed.delete(stream) && this.#unconfirmed.size === 0) this.link.settled();
  }
}
