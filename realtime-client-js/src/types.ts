/** Where a message stands: its number within one life (epoch) of its topic. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
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
  /** The publisher's own headers. */
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
  /** `expired`, `overflow` or `epoch-changed` by the server; `unavailable` when it refused the backfill. */
  readonly reason: string;
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
  readonly position?: Position;
}

export type MessageHandler<T> = (message: RealtimeMessage<T>) => void | Promise<void>;

export interface SubscribeOptions {
  /** Continue after this position, for instance one kept from an earlier visit. */
  readonly position?: Position;
  /** Start with the last n messages; ignored once a position is known. */
  readonly rewind?: number;
  /** Of every SUBSCRIBE frame of this subscription, for destinations that want some of their own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly onRecovered?: (recovery: Recovery) => void;
  readonly onGap?: (gap: Gap) => void;
  /** A refused subscription, a failing backfill, an unreadable payload, or what the handler threw. */
  readonly onError?: (error: unknown) => void;
}

export interface Subscription {
  /** That of the last message handed to the handler, or where live starts; undefined until it is known. */
  readonly position: Position | undefined;
  unsubscribe(): void;
}

export interface PublishOptions {
  /** Makes the publish idempotent: the server numbers the same id once. */
  readonly id?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `/topic/<topic>`; an application destination such as `/app/chat` may answer without a position. */
  readonly destination?: string;
}

export interface HistoryQuery {
  /** Only messages with a seq below this. */
  readonly before?: number;
  /** Only messages with a seq above this. */
  readonly after?: number;
  readonly epoch?: string;
  /** How many messages at most; the server has its own upper bound. */
  readonly limit?: number;
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
}

export interface Topic {
  readonly name: string;
  /** Each message at most once, in seq order, across any number of reconnects. */
  subscribe<T = unknown>(handler: MessageHandler<T>, options?: SubscribeOptions): Subscription;
  /**
   * Strings go as text, bytes as they are, anything else as JSON. Without a connection it waits for one. Resolves with
   * the position that the server gave it; rejects with a `RealtimeError` when refused, timed out, or when the connection
   * broke before the answer (it may have been published: repeat it with the same `id`).
   */
  publish(payload: unknown, options?: PublishOptions): Promise<Position | undefined>;
  /** Rejects with a `RealtimeHttpError`; status 410 says that the range is gone. */
  history<T = unknown>(query?: HistoryQuery): Promise<HistoryPage<T>>;
  presence(): Promise<PresenceSnapshot>;
}

export interface RealtimeClient {
  readonly state: ClientState;
  /** Returns a function that ends it. */
  onState(listener: StateListener): () => void;
  topic(name: string): Topic;
  /** Subscribes to a destination that the server maps to a topic of this user, such as `/user/queue/notices`. */
  onUser<T = unknown>(destination: string, handler: MessageHandler<T>, options?: SubscribeOptions): Subscription;
  /** Idempotent; nothing is handed over from now on. Resolves when the socket is gone, within 2 seconds. */
  close(): Promise<void>;
}
