/** Where a message stands: its number within one life (epoch) of its topic. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** What carries the connection: a WebSocket, server-sent events, or one request after the other. */
export type TransportName = 'websocket' | 'sse' | 'poll';

/** Where positions survive a reload; both are called on the page's own thread, so keep them short. */
export interface PositionStore {
  load(): Readonly<Record<string, Position>> | undefined;
  /** Positions by destination: at most 500, at most twice a second, and when the page goes. */
  save(positions: Readonly<Record<string, Position>>): void;
}

/** A message as it was published. */
export interface RealtimeMessage<T = unknown> {
  readonly topic: string;
  /** `{epoch: '', seq: 0}` for a destination that the server does not number; such messages are not guarded. */
  readonly position: Position;
  /** The publisher's own id of the message. */
  readonly id?: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly timestamp: number;
  readonly type?: string;
  /** The name of the user whose message it is, set by the server; absent if the message has no author. */
  readonly sender?: string;
  /**
   * The span that published the message, if its trace is recorded and the service has `realtime.tracing.to-clients`.
   * A header of this name that the publisher has set itself appears here as well, where the service does not replace it.
   */
  readonly traceparent?: string;
  /** The publisher's own headers, `sender` and `traceparent`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** Parsed when the content type is JSON, otherwise the text. */
  readonly payload: T;
}

/**
 * - `connecting`: a connection is being opened
 * - `recovering`: connected, subscriptions are being restored
 * - `live`: connected and every subscription is confirmed
 * - `offline`: waiting for the next try
 * - `closed`: for good, by `close()` or because the server said not to retry
 */
export type ClientState = 'connecting' | 'live' | 'recovering' | 'offline' | 'closed';

export interface StateDetail {
  /** The server's words where it gave some. */
  readonly reason?: string;
  /** The WebSocket close code. */
  readonly code?: number;
  /** Milliseconds until the next try. */
  readonly retryInMs?: number;
}

export type StateListener = (state: ClientState, detail?: StateDetail) => void;

/** Numbers that the handler will never see. */
export interface Gap {
  readonly topic: string;
  /** The epoch of `from` and `to`. */
  readonly epoch: string;
  readonly from: number;
  /** Inclusive; below `from` when only the epoch changed and no number of the new one is missing. */
  readonly to: number;
  /**
   * `expired`, `overflow`, `epoch-changed` or `failed` by the server; `unavailable` when it refused the backfill. Of a pattern also
   * `too-many` (more was missed than one recovery may replay), and `too-many-topics` (more topics than are followed at once).
   * To `onLeftOut`: `sampled` or `conflated`.
   */
  readonly reason: string;
}

/** An ephemeral event on a topic: neither numbered nor kept, at most once, in no order with messages. */
export interface Signal {
  readonly topic: string;
  /** `typing` is the engine's own; applications send others. */
  readonly type: string;
  readonly user: string | undefined;
  readonly payload: unknown;
}

/** How a subscribe that asked for earlier messages ended. */
export interface Recovery {
  /** When false something may be missing: reload the state, then live messages follow from `position` on. */
  readonly recovered: boolean;
  /** How many messages are replayed, at most. */
  readonly replayed: number;
  /** Why not: `epoch-changed`, `expired`, `too-many`, or `unsupported` (a server without recovery). */
  readonly reason?: string;
  /** Where live starts; absent only when the server does not number the destination. */
  readonly position?: Position | undefined;
}

export type MessageHandler<T> = (message: RealtimeMessage<T>) => void | Promise<void>;

/** Lets the user subscribe; the service issues it. */
export type SubscriptionToken = string | (() => string | Promise<string>);

export interface SubscribeOptions<S = unknown> {
  /** Continue after this position, for instance one kept from an earlier visit. */
  readonly position?: Position | undefined;
  /** Start with the last n messages, 0 to 1,000,000; ignored once a position is known. */
  readonly rewind?: number | undefined;
  /** A subscription token, or what fetches one: called before each SUBSCRIBE, and when the last one has expired. */
  readonly token?: SubscriptionToken | undefined;
  /** Of every SUBSCRIBE frame of this subscription, for destinations that want some of their own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Loads the topic's state from the service's `SnapshotProvider` before anything else, and again whenever something was
   * lost. Messages that follow continue the last state given here; one may be in it already, unless the service gives exact
   * positions. `position` and `rewind` are ignored then.
   */
  readonly snapshot?: ((state: S, position: Position | undefined) => void | Promise<void>) | undefined;
  readonly onRecovered?: ((recovery: Recovery) => void) | undefined;
  /** Numbers that were lost. */
  readonly onGap?: ((gap: Gap) => void) | undefined;
  /**
   * Numbers that the topic's rate leaves out on purpose: `sampled` or `conflated`. Nothing was lost, no state is loaded again, and
   * the history has them.
   */
  readonly onLeftOut?: ((gap: Gap) => void) | undefined;
  /** Something of the moment, such as an application's own `cursor`; typing has its own listener. */
  readonly onSignal?: ((signal: Signal) => void) | undefined;
  /** A refused subscription, a failing backfill, an unreadable payload, or what the handler threw. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface Subscription {
  /** That of the last message handed to the handler, or where live starts; undefined until it is known. */
  readonly position: Position | undefined;
  unsubscribe(): void;
}

/**
 * What the subscription to a pattern does not get: numbers of one topic, or, without a topic, messages of any topics that the
 * server did not follow yet.
 */
export type PatternGap = Gap | {
  readonly topic?: undefined;
  readonly pattern: string;
  /** `pattern`. */
  readonly reason: string;
};

/** How a subscription to a pattern went on after the connection was lost. */
export interface PatternRecovery {
  /** Always false: messages of topics that are not in `resumed` may be missing. Reload what you show of those. */
  readonly recovered: false;
  /** The topics that go on exactly; for one that cannot after all, a gap follows. */
  readonly resumed: readonly string[];
  /** `pattern`. */
  readonly reason: string;
}

export interface PatternOptions {
  /** A subscription token, or what fetches one: called before each SUBSCRIBE, and when the last one has expired. */
  readonly token?: SubscriptionToken | undefined;
  /** Of every SUBSCRIBE frame of this subscription. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Called each time the subscription is live: messages that are published from now on come. Load a state after it, not before. */
  readonly onLive?: (() => void) | undefined;
  /** Called before `onLive` when the subscription was live on an earlier connection. */
  readonly onRecovered?: ((recovery: PatternRecovery) => void) | undefined;
  readonly onGap?: ((gap: PatternGap) => void) | undefined;
  /** Numbers of one topic that its rate leaves out on purpose, see {@link SubscribeOptions.onLeftOut}. */
  readonly onLeftOut?: ((gap: Gap) => void) | undefined;
  /** Ephemeral events on the topics. */
  readonly onSignal?: ((signal: Signal) => void) | undefined;
  /** A refused subscription, a transport without patterns, a failing backfill, an unreadable payload, or what the handler threw. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface PatternSubscription {
  unsubscribe(): void;
}

export interface PublishOptions {
  /** Makes the publish idempotent: the server numbers the same id once. */
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default `/topic/<topic>`; an application destination such as `/app/chat` may answer without a position. */
  readonly destination?: string | undefined;
}

export interface HistoryQuery {
  /** Only messages with a seq below this. */
  readonly before?: number | undefined;
  /** Only messages with a seq above this. */
  readonly after?: number | undefined;
  readonly epoch?: string | undefined;
  /** How many messages at most; the server has its own upper bound. */
  readonly limit?: number | undefined;
}

export interface HistoryPage<T = unknown> {
  readonly topic: string;
  readonly epoch: string;
  readonly messages: readonly RealtimeMessage<T>[];
  /** All numbers up to here are settled: what is missing among them is void. */
  readonly through: number;
  readonly latest: number;
  readonly hasMore: boolean;
}

export interface PresenceSnapshot {
  readonly topic: string;
  readonly count: number;
  readonly members: readonly { readonly user: string; readonly connections: number }[];
  /** With `seq` where the joins and leaves that follow begin. */
  readonly epoch?: string;
  readonly seq?: number;
}
