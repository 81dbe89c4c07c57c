import { reportError, tell } from './application.js';
import { limited } from './backfill.js';
import { RealtimeError } from './errors.js';
import { positionOf, type Headers } from './message.js';
import { destinationOf, nameLike } from './names.js';
import { isLeftOut, type GapRange } from './order-guard.js';
import { OrderedTopic, parserOf, type Body, type Parse, type TopicOwner } from './ordered-topic.js';
import { positionsHeader } from './recovery.js';
import type { ConnectedSubscription, StreamContext } from './subscription.js';
import type { MessageHandler, PatternOptions, PatternSubscription, Signal, SubscriptionToken, TransportName } from './types.js';

/** How many topics are guarded at once. Beyond it the topic that was quiet for longest is forgotten. */
export const MAX_TOPICS = 1_000;
/** How many holes are fetched at once. After a failure of the server each topic may have one. */
const MAX_FETCHES = 4;

const TOO_MANY_TOPICS = 'too-many-topics';
/** Reasons with which a server refuses positions that are too long or too many. */
const TOO_MUCH = ['header-too-large', 'bad-subscribe'];

/** A subscription to all topics that match a pattern. Each topic has its own order. */
export class PatternStream implements PatternSubscription, ConnectedSubscription {
  readonly destination: string;
  readonly token: SubscriptionToken | undefined;
  readonly #owner: TopicOwner;
  /** By name, the quietest first. */
  readonly #topics = new Map<string, OrderedTopic>();
  /** The topics whose positions the last SUBSCRIBE named, and how many it may name. */
  #named: readonly string[] = [];
  #most = MAX_TOPICS;
  #confirmed = false;
  /** It was live before, so messages may have been missed since. */
  #resuming = false;
  /** The application was told that the transport does not serve it. */
  #toldUnserved = false;
  #open = true;

  constructor(
    readonly id: string,
    /** The pattern. */
    readonly topic: string,
    private readonly handler: MessageHandler<unknown>,
    private readonly options: PatternOptions,
    private readonly context: StreamContext,
  ) {
    this.destination = destinationOf(topic);
    this.token = options.token;
    this.#owner = {
      ...context,
      fetchPage: limited(MAX_FETCHES, context.fetchPage),
      isOpen: () => this.#open,
      isLoading: () => false,
      hand: (parse) => this.#hand(parse),
      gap: (gap) => this.#tell(() => (isLeftOut(gap) ? options.onLeftOut?.(gap) : options.onGap?.(gap))),
      outdated: () => undefined,
      // No position of it is kept in the application's store.
      moved: () => undefined,
      failed: (error) => this.failed(error),
    };
  }

  get confirmedNow(): boolean {
    return this.#confirmed;
  }

  unsubscribe(): void {
    if (!this.#open) return;
    this.stop();
    this.context.unsubscribe(this);
  }

  stop(): void {
    this.#open = false;
    for (const ordered of this.#topics.values()) ordered.abort();
    this.#topics.clear();
  }

  servedBy(transport: TransportName): boolean {
    if (transport === 'websocket') return true;
    // The server would refuse the request of all subscriptions. The caller does not have this one yet, so the error comes later.
    if (!this.#toldUnserved) queueMicrotask(() => this.failed(unserved()));
    this.#toldUnserved = true;
    return false;
  }

  prepare(ready: () => void): void {
    ready();
  }

  subscribeHeaders(): Record<string, string> {
    const { named, header } = positionsHeader([...this.#topics.values()].reverse(), this.#most);
    this.#named = named;
    return { ...this.options.headers, ...(header && { positions: header }) };
  }

  confirmed(receipt: Headers): void {
    if (!this.#open) return;
    this.#confirmed = true;
    this.#toldUnserved = false;
    // A server that did not use the positions resumes none.
    const resumed = Number(receipt['resumed'] ?? 0) === this.#named.length ? this.#named : [];
    const exact = new Set(resumed);
    for (const ordered of this.#topics.values()) if (!exact.has(ordered.name)) ordered.lapse();
    const resuming = this.#resuming;
    this.#resuming = true;
    if (resuming) this.#tell(() => this.options.onRecovered?.({ recovered: false, resumed, reason: receipt['reason'] ?? 'pattern' }));
    if (this.#open) this.#tell(() => this.options.onLive?.());
  }

  refused(error: RealtimeError): boolean {
    if (error.kind === 'denied' && TOO_MUCH.includes(error.reason ?? '') && this.#named.length > 0) {
      this.#most = this.#named.length >> 1;
      return true;
    }
    this.failed(error);
    return false;
  }

  lost(): void {
    this.#confirmed = false;
    for (const ordered of this.#topics.values()) ordered.lost();
  }

  message(headers: Headers, body: Body): void {
    if (!this.#open) return;
    const name = this.#nameIn(headers);
    const at = positionOf(headers);
    const parse = parserOf(headers, body, name);
    if (at) this.#ordered(name).message(at, parse);
    else this.#hand(parse);
  }

  cutOff(headers: Headers): void {
    const at = positionOf(headers);
    if (at && this.#open) this.#ordered(this.#nameIn(headers)).cutOff(at);
  }

  signal(signal: Signal): void {
    if (this.#open) this.#tell(() => this.options.onSignal?.(signal));
  }

  gap(gap: GapRange, topic: string | undefined): void {
    if (!this.#open || topic === undefined) return;
    // The server does not follow this topic: it needs no order.
    if (gap.reason === TOO_MANY_TOPICS && !this.#topics.has(topic)) this.#tell(() => this.options.onGap?.({ topic, ...gap }));
    else this.#ordered(topic).gap(gap);
  }

  missedTopics(reason: string): void {
    if (this.#open) this.#tell(() => this.options.onGap?.({ topic: undefined, pattern: this.topic, reason }));
  }

  failed(error: unknown): void {
    if (this.#open) reportError(this.options.onError, error);
  }

  #nameIn(headers: Headers): string {
    return nameLike(this.topic, headers['destination'] ?? '');
  }

  /** The order of the topic, which becomes the most recent one. */
  #ordered(name: string): OrderedTopic {
    const known = this.#topics.get(name);
    const ordered = known ?? new OrderedTopic(name, undefined, this.#owner);
    this.#topics.delete(name);
    this.#topics.set(name, ordered);
    if (!known) this.#makeRoom();
    return ordered;
  }

  #makeRoom(): void {
    if (this.#topics.size <= MAX_TOPICS) return;
    const [[name, quietest]] = this.#topics as unknown as [[string, OrderedTopic]];
    this.#topics.delete(name);
    quietest.end(TOO_MANY_TOPICS);
  }

  #tell(call: () => void | Promise<void>): void {
    tell(call, (error) => this.failed(error));
  }

  #hand(parse: Parse): void {
    this.#tell(() => {
      const message = parse();
      this.context.arrived(message);
      return this.handler(message);
    });
  }
}

function unserved(): RealtimeError {
  return new RealtimeError('denied', 'The destination has a wildcard, which needs a WebSocket: over HTTP name each topic', 'bad-subscribe');
}
