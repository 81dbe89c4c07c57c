import type { RealtimeError } from './errors.js';
import type {
  ClientState, HistoryPage, HistoryQuery, MessageHandler, PatternOptions, PatternSubscription, Position, PresenceSnapshot,
  PublishOptions, RealtimeMessage, StateListener, SubscribeOptions, Subscription, TransportName,
} from './types.js';

export interface MessagesOptions extends SubscribeOptions {
  /** How many messages wait for the loop at most, 1 to 1,000,000. Default 1,000; the log keeps the rest. */
  readonly buffer?: number | undefined;
}

/** `for await (const message of topic.messages())`; leaving the loop ends the subscription. */
export interface Messages<T> extends AsyncIterableIterator<RealtimeMessage<T>>, Subscription {
  [Symbol.asyncIterator](): Messages<T>;
}

export type SendOptions = PublishOptions;
export type SendingState = 'sending' | 'sent' | 'failed';

/** A message on its way; what is read here is always the present state. */
export interface Sending<T = unknown> {
  /** That of the message: its echo carries it as `message.id`. */
  readonly id: string;
  readonly topic: string;
  readonly payload: T;
  readonly type: string | undefined;
  /** When `send()` was called, by this device's clock. */
  readonly since: number;
  readonly state: SendingState;
  /** Why it failed. */
  readonly error: RealtimeError | undefined;
  /**
   * Of the present try. Resolves with the position, or with undefined when only an application destination answered;
   * rejects when it failed. Need not be handled: the state says the same.
   */
  readonly sent: Promise<Position | undefined>;
  /** After a failure: once more, with the same id. */
  retry(): void;
  /** The application learnt in its own way that the server refused it. */
  fail(reason: string): void;
}

export type SendListener = (sending: Sending) => void;

export interface PresenceListener {
  /** `count` may be more than there are names, where a topic has too many to name them all. */
  readonly onChange?: ((members: readonly string[], count: number) => void) | undefined;
  readonly onJoin?: ((user: string) => void) | undefined;
  readonly onLeave?: ((user: string) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface PresenceWatch {
  readonly members: readonly string[];
  readonly count: number;
  stop(): void;
}

/** Who is typing; needs a subscription to the topic on this client. */
export interface Typing {
  /** The others, in the order in which they began. */
  readonly users: readonly string[];
  /** Call it at every keystroke: the first tells, then it is mute for 5 s. */
  start(): void;
  stop(): void;
  /** Who says nothing more for 7 s, or whose message arrives, is no longer typing. Returns a function that ends it. */
  onChange(listener: (users: readonly string[]) => void): () => void;
}

export interface Topic {
  readonly name: string;
  /** Each message at most once, in seq order, across any number of reconnects. */
  subscribe<T = unknown, S = unknown>(handler: MessageHandler<T>, options?: SubscribeOptions<S>): Subscription;
  messages<T = unknown>(options?: MessagesOptions): Messages<T>;
  /**
   * Strings go as text, bytes as they are, anything else as JSON. Without a connection it waits for one. Resolves with
   * the position that the server gave it; rejects with a `RealtimeError` when refused, timed out, or when the connection
   * broke before the answer (it may have been published: repeat it with the same `id`).
   */
  publish(payload: unknown, options?: PublishOptions): Promise<Position | undefined>;
  /**
   * Returns at once. The message is sent in order, waits while there is no connection, keeps its id through reconnects and
   * is numbered once. With an application destination the service must publish it with that id: its echo is the proof.
   */
  send<T = unknown>(payload: T, options?: SendOptions): Sending<T>;
  /** Called whenever the state of a message sent to this topic changes, and when it is new. Returns a function that ends it. */
  onSend(listener: SendListener): () => void;
  /** Rejects with a `RealtimeHttpError`; status 410 says that the range is gone. */
  history<T = unknown>(query?: HistoryQuery): Promise<HistoryPage<T>>;
  presence(): Promise<PresenceSnapshot>;
  watchPresence(listener: PresenceListener): PresenceWatch;
  readonly typing: Typing;
}

/** All topics that match a pattern and that the user may read, including those that come into being later. */
export interface Topics {
  readonly pattern: string;
  /**
   * Subscribes to live messages; `message.topic` says which topic each belongs to. Each topic begins with its first message after
   * the subscription is live. From there on, each of its messages comes at most once and in seq order. Needs a WebSocket: over
   * server-sent events and polls `onError` gets an error once, and the subscription begins when a WebSocket is there again.
   */
  subscribe<T = unknown>(handler: MessageHandler<T>, options?: PatternOptions): PatternSubscription;
}

/** What the user has not read of one topic. */
export interface UnreadState {
  readonly topic: string;
  readonly epoch: string;
  readonly unread: number;
  readonly latest: number;
  /** Up to here it is read. */
  readonly read: number;
}

export type UnreadListener = (topic: string, count: number, state: UnreadState) => void;

export interface UnreadWatch {
  stop(): void;
}

export interface Unread {
  /** The present count of each topic, then every change, on whichever device it was made. */
  watch(topics: readonly string[], listener: UnreadListener, options?: { onError?: ((error: unknown) => void) | undefined }): UnreadWatch;
  /** Without a position: everything that is published by now. Call it as often as you like. */
  markRead(topic: string, position?: Position): Promise<UnreadState>;
}

export interface RealtimeClient {
  readonly state: ClientState;
  /** The present transport, or the one that is tried. */
  readonly transport: TransportName;
  /** Returns a function that ends it. */
  onState(listener: StateListener): () => void;
  /** What follows `/topic/` in its destination, such as `room/42`; a text like `_audit.log` has one more underscore as a name. */
  topic(name: string): Topic;
  /**
   * The topics of a pattern, such as `price.*` or `room/**`. `*` stands for one segment, a final `**` for one or more. Segments end
   * at slashes if the pattern has one, else at dots. Throws a `TypeError` where a wildcard is a part of a segment (`price.A*`).
   */
  topics(pattern: string): Topics;
  /** Subscribes to a destination that the server maps to a topic of this user, such as `/user/queue/notices`. */
  onUser<T = unknown>(destination: string, handler: MessageHandler<T>, options?: SubscribeOptions): Subscription;
  /** As `topic.onSend`, for all topics. */
  onSend(listener: SendListener): () => void;
  readonly unread: Unread;
  /**
   * Looks at once whether the connection lives, or tries to have one. Browsers do so by themselves; call it where an app
   * comes to the foreground (React Native's `AppState`).
   */
  wake(): void;
  /** Idempotent; nothing is handed over from now on. Resolves when the socket is gone, within 2 seconds. */
  close(): Promise<void>;
}
