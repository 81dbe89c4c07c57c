import { reportError, tell } from './application.js';
import type { BackoffPolicy } from './backoff.js';
import { RealtimeError } from './errors.js';
import { positionOf, type Headers } from './message.js';
import { nameOf } from './names.js';
import { isLeftOut, type GapRange } from './order-guard.js';
import { OrderedTopic, parserOf, type Body, type FetchTopicPage, type Parse } from './ordered-topic.js';
import { decideRecovery, recoveryHeaders } from './recovery.js';
import { StateLoader, type LoadState } from './state-loader.js';
import type { MessageHandler, Position, RealtimeMessage, Signal, SubscribeOptions, Subscription, SubscriptionToken, TransportName } from './types.js';

export interface StreamContext {
  readonly fetchPage: FetchTopicPage;
  readonly backoff: BackoffPolicy;
  /** A message is about to be handed over. */
  arrived(message: RealtimeMessage): void;
  /** The position has moved. */
  moved(): void;
  /** It is about to be forgotten. */
  leaving(): void;
  unsubscribe(subscription: ConnectedSubscription): void;
}

/** A subscription as its connections see it. */
export interface ConnectedSubscription {
  readonly id: string;
  readonly destination: string;
  /** The topic's name as far as it is known, or the pattern. */
  readonly topic: string;
  readonly position?: Position | undefined;
  /** Whether its position is kept in the application's store. */
  readonly stored?: boolean;
  readonly token: SubscriptionToken | undefined;
  /** The server has confirmed it on the present connection. */
  readonly confirmedNow: boolean;
  /** Whether it may be asked for over this transport. */
  servedBy(transport: TransportName): boolean;
  /** Calls back when it may be subscribed: at once, or when the state is loaded that it continues from. */
  prepare(ready: () => void, refused: () => void): void;
  subscribeHeaders(): Record<string, string>;
  confirmed(receipt: Headers): void;
  /** The SUBSCRIBE was refused, or had no answer; returns whether it is to be asked for again, in another way. */
  refused(error: RealtimeError): boolean;
  message(headers: Headers, body: Body): void;
  /** A message has come without the end of its body. */
  cutOff(headers: Headers): void;
  signal(signal: Signal): void;
  gap(gap: GapRange, topic: string | undefined): void;
  /** Messages of topics that the server did not follow may be missing. */
  missedTopics?(reason: string): void;
  failed(error: unknown): void;
  /** The connection is gone. */
  lost(): void;
  stop(): void;
}

/** What only the client itself may ask for. */
export interface StreamOptions extends SubscribeOptions {
  /** Where the state comes from, for `snapshot`. */
  readonly load?: LoadState;
  /** Whether its position is kept in the application's store. */
  readonly stored?: boolean;
}

/** A subscription to one destination. */
export class Stream implements Subscription, ConnectedSubscription {
  readonly stored: boolean;
  readonly token: SubscriptionToken | undefined;
  readonly #ordered: OrderedTopic;
  /** What the SUBSCRIBE under way asked to continue after. */
  #asked: Position | undefined;
  readonly #loader: StateLoader | undefined;
  /** The server said that it can never be subscribed as it is. */
  #malformed = false;
  #confirmed = false;
  #open = true;

  constructor(
    readonly id: string,
    readonly destination: string,
    private readonly handler: MessageHandler<unknown>,
    private readonly options: StreamOptions,
    private readonly context: StreamContext,
  ) {
    this.stored = options.stored ?? false;
    this.token = options.token;
    this.#ordered = this.#order();
    const { load, snapshot } = options;
    if (load && snapshot) {
      this.#loader = new StateLoader(load, context.backoff, {
        loaded: (state, position) => this.#onState(() => snapshot(state, position), position),
        failed: (error) => this.failed(error),
      });
    }
  }

  get position(): Position | undefined {
    return this.#ordered.delivered;
  }

  /** For other destinations than those of topics the RECEIPT tells it. */
  get topic(): string {
    return this.#ordered.name;
  }

  get confirmedNow(): boolean {
    return this.#confirmed;
  }

  /** The state is to be loaded anew. */
  reload(): void {
    if (this.#open) this.#loader?.reload();
  }

  unsubscribe(): void {
    if (!this.#open) return;
    this.context.leaving();
    this.stop();
    this.context.unsubscribe(this);
  }

  stop(): void {
    this.#open = false;
    this.#abort();
  }

  /** Over HTTP one that is wrong would spoil the request of all. */
  servedBy(transport: TransportName): boolean {
    return transport === 'websocket' || !this.#malformed;
  }

  prepare(ready: () => void, refused: () => void): void {
    if (this.#loader) this.#loader.prepare(ready, refused);
    else ready();
  }

  subscribeHeaders(): Record<string, string> {
    this.#asked = this.#ordered.position;
    return { ...this.options.headers, ...recoveryHeaders(this.#asked, this.options.rewind) };
  }

  confirmed(receipt: Headers): void {
    if (!this.#open) return;
    this.#confirmed = true;
    const ordered = this.#ordered;
    ordered.name = receipt['topic'] ?? ordered.name;
    const rewound = !this.#asked && this.options.rewind !== undefined;
    const { position, recovery } = decideRecovery(this.#asked, rewound, receipt);
    if (recovery?.recovered === false || !ordered.position) ordered.startAt(position);
    else if (position?.epoch === ordered.position.epoch) ordered.settle(position.seq);
    // What a state without a position lacked may have come between it and this RECEIPT.
    if (recovery?.recovered === false || !this.#asked) this.#loader?.reload();
    if (recovery) this.#tell(() => this.options.onRecovered?.(recovery));
    this.context.moved();
  }

  refused(error: RealtimeError): boolean {
    this.failed(error);
    this.#malformed = error.reason === 'bad-subscribe';
    return false;
  }

  lost(): void {
    this.#confirmed = false;
    this.#abort();
    this.#ordered.lost();
  }

  message(headers: Headers, body: Body): void {
    if (!this.#open) return;
    const at = positionOf(headers);
    const parse = parserOf(headers, body, this.topic);
    if (at) this.#ordered.message(at, parse);
    else this.#hand(parse);
  }

  cutOff(headers: Headers): void {
    const at = positionOf(headers);
    if (at) this.#ordered.cutOff(at);
    else this.failed(new RealtimeError('payload', 'A message arrived without the end of its body, and the server keeps no copy of it'));
  }

  signal(signal: Signal): void {
    if (this.#open) this.#tell(() => this.options.onSignal?.(signal));
  }

  gap(gap: GapRange): void {
    if (!this.#open) return;
    // The state that is being loaded is newer than any gap told now, unless the server answers from an older node.
    if (this.#loader?.stale && !isLeftOut(gap)) this.#loader.reload();
    else this.#ordered.gap(gap);
  }

  failed(error: unknown): void {
    if (this.#open) reportError(this.options.onError, error);
  }

  #order(): OrderedTopic {
    const { destination, options, context } = this;
    return new OrderedTopic(nameOf(destination) ?? destination, options.position, {
      ...context,
      isOpen: () => this.#open,
      isLoading: () => this.#loader?.stale ?? false,
      hand: (parse) => this.#hand(parse),
      gap: (gap) => {
        if (isLeftOut(gap)) return this.#tell(() => options.onLeftOut?.(gap));
        this.#tell(() => options.onGap?.(gap));
        this.#loader?.reload();
      },
      outdated: () => this.#loader?.reload(),
      failed: (error) => this.failed(error),
    });
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

  #onState(give: () => void | Promise<void>, position: Position | undefined): void {
    if (!this.#open) return;
    this.#ordered.rebase(position, () => this.#tell(give));
    this.context.moved();
  }

  #abort(): void {
    this.#ordered.abort();
    this.#loader?.abort();
  }
}
