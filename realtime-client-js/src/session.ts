import { Client, Versions, type IFrame, type IStompSocket } from '@stomp/stompjs';
import { CONTROL_SUBSCRIPTION } from './control-events.js';
import { RealtimeError } from './errors.js';
import type { Headers } from './message.js';
import type { Settings } from './options.js';
import type { SendFrame } from './publisher.js';

/** How long a polite goodbye may take before the socket is cut, milliseconds. */
const GOODBYE_MS = 2_000;

export interface SessionListener {
  connected(): void;
  message(subscriptionId: string, headers: Headers, body: string): void;
  control(headers: Headers): void;
  receipt(id: string, headers: Headers): void;
  /** An ERROR frame; the server closes the socket after it. */
  error(error: RealtimeError, receiptId: string | undefined): void;
  /** Called once, last. */
  ended(code: number, reason: string): void;
}

/** One STOMP connection, from the first byte to the close. stompjs frames it; when to open the next is not its concern. */
export class Session {
  readonly #stomp: Client;
  readonly #watchdog: ReturnType<typeof setTimeout>;
  #goodbye: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  #cause: string | undefined;

  constructor(url: string, headers: Headers, settings: Settings, private readonly listener: SessionListener) {
    const versions = new Versions([Versions.V1_2]);
    // Made here, where a constructor that throws is still the caller's error; stompjs would lose it in a promise.
    const socket = new settings.WebSocket(url, versions.protocolVersions()) as IStompSocket;
    this.#stomp = new Client({
      stompVersions: versions,
      webSocketFactory: () => socket,
      connectHeaders: { host: new URL(url).hostname, ...headers },
      reconnectDelay: 0,
      heartbeatIncoming: settings.heartbeatMs,
      heartbeatOutgoing: settings.heartbeatMs,
      // A dead socket does not answer a close: waiting for it would keep the client offline for minutes.
      discardWebsocketOnCommFailure: true,
      onConnect: () => {
        clearTimeout(this.#watchdog);
        listener.connected();
      },
      onUnhandledMessage: (frame) => this.#onMessage(frame),
      onUnhandledReceipt: (frame) => listener.receipt(frame.headers['receipt-id'] ?? '', frame.headers),
      onStompError: (frame) => this.#onError(frame),
      onHeartbeatLost: () => (this.#cause = 'heartbeat lost'),
      onWebSocketClose: (event: { code: number; reason: string }) => this.#end(event.code, event.reason),
    });
    this.#watchdog = setTimeout(() => this.cut('no CONNECTED frame in time'), settings.timeoutMs);
    this.#stomp.activate();
  }

  subscribe(id: string, destination: string, headers: Headers): void {
    this.#stomp.subscribe(destination, (frame) => this.#onMessage(frame), { ...headers, id });
  }

  unsubscribe(id: string): void {
    this.#stomp.unsubscribe(id);
  }

  send({ destination, headers, body }: SendFrame): void {
    const content = typeof body === 'string' ? { body } : { binaryBody: body };
    this.#stomp.publish({ destination, headers, ...content });
  }

  /** DISCONNECT with a receipt, so that what was sent before is still answered; then the socket closes. */
  leave(): void {
    if (this.#ended || this.#goodbye !== undefined) return;
    this.#goodbye = setTimeout(() => this.cut(), GOODBYE_MS);
    void this.#stomp.deactivate();
  }

  /** Drops the socket at once. */
  cut(cause?: string): void {
    this.#cause = cause ?? this.#cause;
    if (!this.#ended) void this.#stomp.deactivate({ force: true });
  }

  #onMessage({ headers, body }: IFrame): void {
    const id = headers['subscription'];
    if (id === CONTROL_SUBSCRIPTION) this.listener.control(headers);
    else if (id !== undefined) this.listener.message(id, headers, body);
  }

  #onError({ headers, body }: IFrame): void {
    const text = headers['message'] ?? (body || 'ERROR frame');
    this.#cause = text;
    // The server's close code says whether to come back, so let it arrive.
    this.#goodbye ??= setTimeout(() => this.cut(), GOODBYE_MS);
    this.listener.error(new RealtimeError('protocol', text), headers['receipt-id']);
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#watchdog);
    clearTimeout(this.#goodbye);
    this.listener.ended(code, this.#cause ?? reason);
  }
}
