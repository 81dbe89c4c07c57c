import type * as api from './api.js';
import { check, checkAll, checkSubscribe, FUNCTION, NAME, STRING, STRINGS, SUBSCRIBE, whole, type Checks } from './checks.js';
import type { RealtimeHttp } from './http.js';
import { MessageIterator, type Endable } from './message-iterator.js';
import { destinationOf } from './names.js';
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

const PUBLISH: Checks = { id: NAME, type: STRING, headers: STRINGS, destination: NAME };
const HISTORY: Checks = { before: whole(0), after: whole(0), epoch: STRING, limit: whole(1, 1_000_000) };
const MESSAGES: Checks = { ...SUBSCRIBE, buffer: whole(1, 1_000_000) };
const PRESENCE: Checks = { onChange: FUNCTION, onJoin: FUNCTION, onLeave: FUNCTION, onError: FUNCTION };

/** One topic, as the application sees it. */
export class ClientTopic implements api.Topic {
  readonly #destination: string;

  constructor(readonly name: string, private readonly parts: TopicParts) {
    this.#destination = destinationOf(name);
  }

  get typing(): api.Typing {
    return this.parts.typing();
  }

  subscribe<T, S>(handler: MessageHandler<T>, options: SubscribeOptions<S> = {}): Subscription {
    checkSubscribe(handler, options);
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
    checkAll('The options of messages', options, MESSAGES);
    return new MessageIterator<T>((handler, own) => this.subscribe(handler, own), options, this.parts.iterators);
  }

  async publish(payload: unknown, options: PublishOptions = {}): Promise<Position | undefined> {
    this.parts.ensureOpen();
    checkAll('The options of publish', options, PUBLISH);
    return this.parts.publish(options.destination ?? this.#destination, payload, options);
  }

  send<T>(payload: T, options: api.SendOptions = {}): api.Sending<T> {
    this.parts.ensureOpen();
    checkAll('The options of send', options, PUBLISH);
    return this.parts.outbox.send(this.name, payload, options);
  }

  onSend(listener: api.SendListener): () => void {
    check('The listener', listener, FUNCTION);
    return this.parts.outbox.onSend((sending) => {
      if (sending.topic === this.name) listener(sending);
    });
  }

  async history<T>(query: HistoryQuery = {}): Promise<HistoryPage<T>> {
    checkAll('The query of history', query, HISTORY);
    return this.parts.http.history(this.name, query);
  }

  presence(): Promise<PresenceSnapshot> {
    return this.parts.http.presence(this.name);
  }

  watchPresence(listener: api.PresenceListener): api.PresenceWatch {
    checkAll('The listener of watchPresence', listener, PRESENCE);
    const { http, subscribe } = this.parts;
    const load = (signal: AbortSignal) => http.presenceState(this.name, signal);
    return watchPresence((handler, options) => subscribe(destinationOf(`_presence.${this.name}`), handler, { ...options, load }), listener);
  }
}
