import { reportError, tell } from './application.js';
import { Connection } from './connection.js';
import { onControlEvent, type ControlTarget } from './control-events.js';
import { RealtimeError } from './errors.js';
import { RealtimeHttp } from './http.js';
import { settingsOf, type ConnectOptions } from './options.js';
import { Publisher } from './publisher.js';
import { Receipts } from './receipts.js';
import { Subscriptions } from './subscriptions.js';
import type * as api from './types.js';

/** Opens a connection and keeps it, until `close()` or until the server says not to come back. */
export function connect(options: ConnectOptions = {}): api.RealtimeClient {
  return new StompRealtimeClient(options);
}

/** Wires the parts; each of them knows only what it is given here. */
class StompRealtimeClient implements api.RealtimeClient {
  readonly #listeners = new Set<api.StateListener>();
  readonly #settings;
  readonly #receipts;
  readonly #connection: Connection;
  readonly #http;
  readonly #publisher;
  readonly #subscriptions;

  constructor(options: ConnectOptions) {
    const settings = (this.#settings = settingsOf(options));
    const receipts = (this.#receipts = new Receipts(settings.timeoutMs));
    const connection: Connection = (this.#connection = new Connection(
      settings,
      {
        connected: (session) => {
          this.#subscriptions.restore(session);
          this.#publisher.flush();
          if (this.#subscriptions.settled) connection.settled();
        },
        message: (id, headers, body) => this.#subscriptions.get(id)?.message(headers, body),
        control: (headers) => onControlEvent(headers, this.#control),
        receipt: (id, headers) => receipts.receive(id, headers),
        error: (error, receiptId) => receipts.refuse(receiptId ?? '', error),
        lost: (error) => this.#lost(error),
      },
      (state, detail) => this.#announce(state, detail),
    ));
    const http = (this.#http = new RealtimeHttp(() => connection.httpBase, settings));
    this.#publisher = new Publisher(receipts, () => {
      const { session } = connection;
      return session && ((frame) => session.send(frame));
    });
    const fetchPage = http.page.bind(http);
    this.#subscriptions = new Subscriptions(receipts, connection, { fetchPage, backoff: settings.backoff });
    void connection.open();
  }

  get state(): api.ClientState {
    return this.#connection.state;
  }

  onState(listener: api.StateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  topic(name: string): api.Topic {
    const destination = `/topic/${name}`;
    return {
      name,
      subscribe: (handler, options) => this.onUser(destination, handler, options),
      publish: (payload, options = {}) => this.#publish(options.destination ?? destination, payload, options),
      history: (query = {}) => this.#http.history(name, query),
      presence: () => this.#http.presence(name),
    };
  }

  onUser<T>(destination: string, handler: api.MessageHandler<T>, options: api.SubscribeOptions = {}): api.Subscription {
    if (this.state === 'closed') throw new RealtimeError('closed', 'The client is closed');
    // What T is, only the application knows; the wire cannot prove it.
    return this.#subscriptions.add(destination, handler as api.MessageHandler<unknown>, options);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  readonly #control: ControlTarget = {
    gap: (subscriptionId, gap) => this.#subscriptions.get(subscriptionId)?.gap(gap),
    denied: (error, { receiptId, subscriptionId }) => {
      if (receiptId !== undefined && this.#receipts.refuse(receiptId, error)) return;
      const stream = this.#subscriptions.get(subscriptionId);
      if (stream) stream.failed(error);
      else this.#connection.note({ reason: error.message });
    },
    reconnect: (afterMs) => this.#connection.leaveAfter(afterMs, 'draining'),
    expiring: () => {
      // A new connection asks for a new token; without one, only the application can do something.
      if (this.#settings.token) this.#connection.leaveAfter(undefined, 'expiring');
      else this.#connection.note({ reason: 'expiring' });
    },
  };

  async #publish(destination: string, payload: unknown, options: api.PublishOptions) {
    if (this.state === 'closed') throw new RealtimeError('closed', 'The client is closed');
    return this.#publisher.publish(destination, payload, options);
  }

  #lost(error: RealtimeError): void {
    if (error.kind === 'closed') {
      this.#receipts.refuseAll(error);
      this.#subscriptions.stop();
    } else {
      this.#receipts.refuseSent(error);
      this.#subscriptions.lost();
    }
  }

  #announce(state: api.ClientState, detail?: api.StateDetail): void {
    for (const listener of [...this.#listeners]) {
      tell(() => listener(state, detail), (error) => reportError(undefined, error));
    }
  }
}
