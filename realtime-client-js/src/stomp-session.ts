import { Client, Versions, type IFrame, type IStompSocket } from '@stomp/stompjs';
import { CloseCode } from './close-codes.js';
import { CONTROL_SUBSCRIPTION } from './control-events.js';
import { RealtimeError } from './errors.js';
import { escapeHeader, repairStompjs } from './header-escapes.js';
import { Liveness } from './liveness.js';
import type { Headers } from './message.js';
import type { Settings } from './options.js';
import { sizeOf, type SendFrame } from './send-frame.js';
import type { Session, SessionListener } from './session.js';

/** How long a polite goodbye may take before the socket is cut, milliseconds. */
const GOODBYE_MS = 2_000;

/** A server answers the RECEIPT of any frame, also of one that ends nothing. */
const PROBE = 'probe';

repairStompjs();

/** One STOMP connection over a WebSocket; stompjs frames it. */
export class StompSession implements Session {
  readonly transport = 'websocket';
  readonly #socket: IStompSocket;
  readonly #stomp: Client;
  readonly #watchdog: ReturnType<typeof setTimeout>;
  readonly #openWatchdog: ReturnType<typeof setTimeout>;
  readonly #liveness: Liveness;
  #goodbye: ReturnType<typeof setTimeout> | undefined;
  /** stompjs takes the socket a moment after it was told to; until then the socket is ours to close. */
  #taken = false;
  #proven = false;
  #largest = 0;
  #beatAt = Date.now();
  #ended = false;
  #cause: string | undefined;

  constructor(url: string, headers: Headers, openMs: number, private readonly settings: Settings, private readonly listener: SessionListener) {
    const versions = new Versions([Versions.V1_2]);
    // Made here, where a constructor that throws is still the caller's error; stompjs would lose it in a promise.
    const socket = (this.#socket = new settings.WebSocket(url, versions.protocolVersions()) as IStompSocket);
    this.#liveness = new Liveness(settings.heartbeatMs, {
      ask: () => this.#stomp.unsubscribe(PROBE, { receipt: PROBE }),
      dead: (cause) => this.cut(cause),
    });
    this.#stomp = new Client({
      stompVersions: versions,
      webSocketFactory: () => {
        this.#taken = true;
        return socket;
      },
      connectHeaders: { host: new URL(url).hostname, ...headers },
      reconnectDelay: 0,
      heartbeatIncoming: settings.heartbeatMs,
      heartbeatOutgoing: settings.heartbeatMs,
      // A dead socket does not answer a close: waiting for it would keep the client offline for minutes.
      discardWebsocketOnCommFailure: true,
      onConnect: () => {
        clearTimeout(this.#watchdog);
        this.#proven = true;
        this.#liveness.start();
        listener.connected();
      },
      onUnhandledMessage: (frame) => this.#onMessage(frame),
      onUnhandledReceipt: (frame) => {
        this.#heard();
        const id = frame.headers['receipt-id'] ?? '';
        if (id !== PROBE) listener.receipt(id, frame.headers);
      },
      onStompError: (frame) => this.#onError(frame),
      onHeartbeatReceived: () => this.#heard(),
      onHeartbeatLost: () => (this.#cause = 'heartbeat lost'),
      onWebSocketClose: (event: { code: number; reason: string }) => this.#end(event.code, event.reason),
    });
    this.#watchdog = setTimeout(() => this.cut('no CONNECTED frame in time'), settings.timeoutMs);
    // A proxy that swallows the handshake says nothing at all.
    this.#openWatchdog = setTimeout(() => {
      if (socket.readyState === 0) this.cut('the WebSocket did not open in time');
    }, openMs);
    this.#stomp.activate();
  }

  get proven(): boolean {
    return this.#proven;
  }

  get largest(): number {
    return this.#largest;
  }

  subscribe(id: string, destination: string, headers: Headers): void {
    this.#stomp.subscribe(destination, (frame) => this.#onMessage(frame), { ...headers, id });
  }

  unsubscribe(id: string): void {
    this.#stomp.unsubscribe(id);
  }

  send(frame: SendFrame): void {
    const { destination, headers, body } = frame;
    this.#largest = Math.max(this.#largest, sizeOf(frame));
    const content = typeof body === 'string' ? { body } : { binaryBody: body };
    // stompjs escapes values alone: a colon in a name would end it.
    const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [escapeHeader(name), value]));
    this.#stomp.publish({ destination, headers: named, ...content });
  }

  /** DISCONNECT with a receipt, so that what was sent before is still answered; then the socket closes. */
  leave(): void {
    if (this.#ended || this.#goodbye !== undefined) return;
    if (!this.#taken) return this.cut();
    this.#goodbye = setTimeout(() => this.cut(), GOODBYE_MS);
    this.#liveness.stop();
    void this.#stomp.deactivate();
  }

  cut(cause?: string): void {
    this.#cause = cause ?? this.#cause;
    this.#liveness.stop();
    if (this.#ended) return;
    void this.#stomp.deactivate({ force: true });
    if (this.#taken) return;
    Object.assign(this.#socket, { onerror: () => undefined });
    this.#socket.close();
    this.#end(CloseCode.ABNORMAL, '');
  }

  probe(): void {
    if (!this.#ended && this.#goodbye === undefined) this.#liveness.probe();
  }

  /** In a hidden page timers are throttled to one a minute, and heartbeats with them: what arrives is not, and takes their place. */
  #heard(): void {
    this.#liveness.heard();
    const { heartbeatMs } = this.settings;
    if (globalThis.document?.visibilityState !== 'hidden' || !heartbeatMs || Date.now() - this.#beatAt < heartbeatMs) return;
    this.#beatAt = Date.now();
    if (this.#socket.readyState === 1) this.#socket.send('\n');
  }

  #onMessage({ headers, body }: IFrame): void {
    this.#heard();
    const id = headers['subscription'];
    if (id === CONTROL_SUBSCRIPTION) this.listener.control(headers, body);
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
    clearTimeout(this.#openWatchdog);
    clearTimeout(this.#goodbye);
    this.#liveness.stop();
    this.listener.ended(code, this.#cause ?? reason);
  }
}
