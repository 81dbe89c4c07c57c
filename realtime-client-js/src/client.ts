import type * as api from './api.js';
import { reportError, tell } from './application.js';
import { check, checkPattern, checkSubscribe, FUNCTION, NAME, ONE_TOPIC } from './checks.js';
import { Connection } from './connection.js';
import { onControlEvent, type ControlTarget } from './control-events.js';
import { RealtimeError } from './errors.js';
import { RealtimeHttp } from './http.js';
import { openSession } from './open-session.js';
import { settingsOf, type ConnectOptions } from './options.js';
import type { Endable } from './message-iterator.js';
import { Outbox } from './outbox.js';
import { Positions } from './positions.js';
import { Publisher } from './publisher.js';
import { Receipts } from './receipts.js';
import type { SendNow } from './send-frame.js';
import type { StreamOptions } from './subscription.js';
import { Subscriptions } from './subscriptions.js';
import { ClientTopic } from './topic.js';
import { ClientTopics } from './topics.js';
import { Transports, sessionMemory } from './transports.js';
import type { ClientState, MessageHandler, StateDetail, StateListener, SubscribeOptions, Subscription } from './types.js';
import { Typists } from './typists.js';
import { UnreadCounts } from './unread.js';
import { onWakeup } from './wakeups.js';

/** Opens a connection and keeps it, until `close()` or until the server says not to come back. */
export function connect(options: ConnectOptions = {}): api.RealtimeClient {
  return new StompRealtimeClient(options);
}

/** Wires the parts; each of them knows only what it is given here. */
class StompRealtimeClient implements api.RealtimeClient {
  readonly unread: api.Unread;
  readonly #listeners = new Set<StateListener>();
  readonly #iterators = new Set<Endable>();
  readonly #settings;
  readonly #receipts;
  readonly #connection: Connection;
  readonly #http;
  readonly #publisher;
  readonly #outbox: Outbox;
  readonly #typists;
  readonly #subscriptions: Subscriptions;
  readonly #positions: Positions;
  readonly #asleep;

  constructor(options: ConnectOptions) {
    const settings = (this.#settings = settingsOf(options));
    const receipts = (this.#receipts = new Receipts(settings.timeoutMs));
    const http = (this.#http = new RealtimeHttp(() => connection.httpBase, settings));
    const connection: Connection = (this.#connection = new Connection(
      settings,
      {
        transports: new Transports(settings.transports, sessionMemory(settings.urls[0])),
        openSession: (transport, target, listener) => openSession(transport, target, settings, http, listener),
        httpAnswers: (base) => http.answers(base),
        ticket: () => http.ticket(),
        receipts,
      },
      {
        connected: (session) => {
          this.#subscriptions.restore(session);
          this.#publisher.flush();
          this.#outbox.flush();
          if (this.#subscriptions.settled) connection.settled();
        },
        message: (id, headers, body) => this.#subscriptions.get(id)?.message(headers, body),
        control: (headers, body) => onControlEvent(headers, body, this.#control),
        cutOff: (id, headers) => this.#subscriptions.get(id)?.cutOff(headers),
        receipt: (id, headers) => receipts.receive(id, headers),
        error: (error, receiptId) => receipts.refuse(receiptId ?? '', error),
        lost: (error, tooLarge) => this.#lost(error, tooLarge),
      },
      (state, detail) => this.#announce(state, detail),
    ));
    const sendNow = (): SendNow | undefined => {
      const { session } = connection;
      return session && ((frame) => session.send(frame));
    };
    this.#publisher = new Publisher(receipts, sendNow);
    this.#typists = new Typists(sendNow);
    this.#outbox = new Outbox(receipts, {
      get send() {
        return sendNow();
      },
      get liveSince() {
        return connection.liveSince;
      },
      listensTo: (topic) => this.#subscriptions.listensTo(topic),
    }, settings);
    this.#subscriptions = new Subscriptions(receipts, connection, {
      fetchPage: http.page.bind(http),
      backoff: settings.backoff,
      arrived: (message) => {
        this.#typists.arrived(message);
        this.#outbox.arrived(message);
      },
      moved: () => this.#positions.moved(),
      leaving: () => this.#positions.save(),
    });
    this.#positions = new Positions(settings.store, () => this.#subscriptions.positions());
    this.unread = new UnreadCounts({
      subscribe: (destination, handler, streamOptions) => this.#subscribe(destination, handler, streamOptions),
      markRead: (topic, position) => http.markRead(topic, position),
    });
    this.#asleep = onWakeup((wakeup) => {
      if (wakeup === 'hidden') this.#positions.save();
      connection.wake(wakeup);
    });
    void connection.open();
  }

  get state(): ClientState {
    return this.#connection.state;
  }

  get transport() {
    return this.#connection.transport;
  }

  onState(listener: StateListener): () => void {
    check('The listener', listener, FUNCTION);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onSend(listener: api.SendListener): () => void {
    check('The listener', listener, FUNCTION);
    return this.#outbox.onSend(listener);
  }

  topic(name: string): api.Topic {
    check('A topic', name, NAME);
    check('A topic', name, ONE_TOPIC);
    return new ClientTopic(name, {
      http: this.#http,
      outbox: this.#outbox,
      typing: () => this.#typists.of(name),
      iterators: this.#iterators,
      subscribe: (destination, handler, options) => this.#subscribe(destination, handler, options),
      publish: (destination, payload, options) => this.#publisher.publish(destination, payload, options),
      ensureOpen: () => this.#ensureOpen(),
    });
  }

  topics(pattern: string): api.Topics {
    checkPattern(pattern);
    return new ClientTopics(pattern, (handler, options) => {
      this.#ensureOpen();
      return this.#subscriptions.addPattern(pattern, handler, options);
    });
  }

  onUser<T>(destination: string, handler: MessageHandler<T>, options: SubscribeOptions = {}): Subscription {
    check('A destination', destination, NAME);
    check('A destination', destination, ONE_TOPIC);
    checkSubscribe(handler, options);
    // What T is, only the application knows; the wire cannot prove it.
    return this.#subscribe(destination, handler as MessageHandler<unknown>, { ...options, stored: true });
  }

  wake(): void {
    this.#connection.wake('online');
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #subscribe(destination: string, handler: MessageHandler<unknown>, options: StreamOptions) {
    this.#ensureOpen();
    const kept = options.stored ? this.#positions.get(destination) : undefined;
    const position = options.position ?? kept;
    return this.#subscriptions.add(destination, handler, { ...options, ...(position && { position }) });
  }

  readonly #control: ControlTarget = {
    gap: (subscriptionId, gap, topic) => this.#subscriptions.get(subscriptionId)?.gap(gap, topic),
    patternGap: (subscriptionId, reason) => this.#subscriptions.get(subscriptionId)?.missedTopics?.(reason),
    denied: (error, { receiptId, subscriptionId }) => {
      if (receiptId !== undefined && this.#receipts.refuse(receiptId, error)) return;
      const stream = this.#subscriptions.get(subscriptionId);
      if (stream) this.#subscriptions.ended(stream, error);
      else this.#connection.note({ reason: error.message });
    },
    reconnect: (afterMs) => this.#connection.leaveAfter(afterMs, 'draining'),
    expiring: (inMs) => {
      // Without a function for tokens only the application can do something.
      if (this.#settings.token || this.#settings.auth) this.#connection.renew(inMs);
      else this.#connection.note({ reason: 'expiring' });
    },
    signal: (signal, subscriptionId) => {
      this.#typists.signal(signal);
      this.#subscriptions.signal(signal, subscriptionId);
    },
  };

  #ensureOpen(): void {
    if (this.state === 'closed') throw new RealtimeError('closed', 'The client is closed');
  }

  #lost(error: RealtimeError, tooLarge?: number): void {
    if (error.kind === 'closed') {
      this.#asleep();
      this.#positions.save();
      this.#receipts.refuseAll(error);
      this.#outbox.close(error);
      this.#typists.end();
      this.#subscriptions.stop();
      for (const iterator of this.#iterators) iterator.end();
    } else {
      if (tooLarge !== undefined) this.#outbox.tooLarge(tooLarge);
      this.#receipts.refuseSent(error);
      this.#subscriptions.lost();
    }
  }

  #announce(state: ClientState, detail?: StateDetail): void {
    for (const listener of [...this.#listeners]) {
      tell(() => listener(state, detail), (error) => reportError(undefined, error));
    }
  }
}
