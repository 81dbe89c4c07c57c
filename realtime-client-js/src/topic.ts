import type * as api from './api.js';
import type { RealtimeHttp } from './http.js';
import { MessageIterator, type Endable } from './message-iterator.js';
import type { Outbox } from './outbox.js';
import { watchPresence } from './presence-watch.js';
import type { Stream, StreamOptions } from './subscription.js';
import type {
  HistoryPage, HistoryQuery, MessageHandler, Position, PresenceSnapshot, PublishOptions, SubscribeOptions, Subscription,
} from './types.js';

export interface TopicParts {
  readonly http: RealtimeHttp;
  readonly outbox: Outbox;
  typing(): api.Typing;
  readonly iterators: Set<Endable>;
  subscribe(destination: string, handler: MessageHandler<unknown>, options: StreamOptions): Stream;
  publish(destination: string, payload: unknown, options: PublishOptions): Promise<Position | undefined>;
  /** Throws when the client is closed. */
  ensureOpen(): void;
}

/** One topic, as the application sees it. */
export class ClientTopic implements api.Topic {
  readonly #destination: string;

  constructor(readonly name: string, private readonly parts: TopicParts) {
    this.#destination = `/topic/${name}`;
  }

  get typing(): api.Typing {
    return this.parts.typing();
  }

  subscribe<T, S>(handler: MessageHandler<T>, options: SubscribeOptions<S> = {}): Subscription {
    const { http, subscribe } = this.parts;
    // What T and S are, only the application knows; the wire cannot prove it.
    return subscribe(this.#destination, handler as MessageHandler<unknown>, {
      ...(options as SubscribeOptions),
      ...(options.snapshot
        ? { position: undefined, load: (signal: AbortSignal) => http.snapshot(this.name, signal) }
        : { stored: true }),
    } as StreamOptions);
  }

  messages<T>(options: api.MessagesOptions = {}): api.Messages<T> {
    return new MessageIterator<T>((handler, own) => this.subscribe(handler, own), options, this.parts.iterators);
  }

  async publish(payload: unknown, options: PublishOptions = {}): Promise<Position | undefined> {
    this.parts.ensureOpen();
    return this.parts.publish(options.destination ?? this.#destination, payload, options);
  }

  send<T>(payload: T, options: api.SendOptions = {}): api.Sending<T> {
    this.parts.ensureOpen();
    return this.parts.outbox.send(this.name, payload, options);
  }

  onSend(listener: api.SendListener): () => void {
    return this.parts.outbox.onSend((sending) => {
      if (sending.topic === this.name) listener(sending);
    });
  }

  history<T>(query: HistoryQuery = {}): Promise<HistoryPage<T>> {
    return this.parts.http.history(this.name, query);
  }

  presence(): Promise<PresenceSnapshot> {
    return this.parts.http.presence(this.name);
  }

  watchPresence(listener: api.PresenceListener): api.PresenceWatch {
    const { http, subscribe } = this.parts;
    const load = (signal: AbortSignal) => http.presenceState(this.name, signal);
    return watchPresence((handler, options) => subscribe(`/topic/_presence.${this.name}`, handler, { ...options, load }), listener);
  }
}
