import { CloseCode } from './close-codes.js';
import { CONTROL_SUBSCRIPTION } from './control-events.js';
import { RealtimeError } from './errors.js';
import { Heartbeats } from './heartbeats.js';
import { Liveness } from './liveness.js';
import { numberOf, type Headers } from './message.js';
import type { Settings } from './options.js';
import { sizeOf, type SendFrame } from './send-frame.js';
import type { Session, SessionListener } from './session.js';
import { HEARTBEAT, type StompFrame } from './stomp-frame.js';
import { StompSocket } from './stomp-socket.js';

/** How long a polite goodbye may take before the socket is cut, milliseconds. */
const GOODBYE_MS = 2_000;

/** A server answers the RECEIPT of any frame, also of one that ends nothing. */
const PROBE = 'probe';
const GOODBYE = 'goodbye';

/** One STOMP 1.2 connection over a WebSocket. */
export class StompSession implements Session {
  readonly transport = 'websocket';
  readonly #socket: StompSocket;
  readonly #watchdog: ReturnType<typeof setTimeout>;
  readonly #openWatchdog: ReturnType<typeof setTimeout>;
  readonly #liveness: Liveness;
  readonly #heartbeats: Heartbeats;
  #goodbye: ReturnType<typeof setTimeout> | undefined;
  #proven = false;
  #largest = 0;
  #ended = false;
  #cause: string | undefined;
  /** When the server says to come back. */
  #retryAfterMs: number | undefined;

  constructor(url: string, headers: Headers, openMs: number, settings: Settings, private readonly listener: SessionListener) {
    const { heartbeatMs, reactNative, timeoutMs } = settings;
    const connect = {
      host: new URL(url).hostname,
      ...headers,
      'accept-version': '1.2',
      'heart-beat': `${heartbeatMs},${heartbeatMs}`,
      // What follows the first NUL of a message would be lost.
      ...(reactNative && { 'single-frames': '1' }),
    };
    this.#liveness = new Liveness(heartbeatMs, {
      ask: () => this.#socket.write('UNSUBSCRIBE', { id: PROBE, receipt: PROBE }),
      dead: (cause) => this.cut(cause),
    });
    this.#heartbeats = new Heartbeats(heartbeatMs, () => this.#socket.send(HEARTBEAT));
    this.#socket = new StompSocket(settings.WebSocket, url, reactNative, {
      opened: () => this.#socket.write('CONNECT', connect),
      heard: () => {
        this.#liveness.heard();
        if (this.#proven) this.#heartbeats.heard();
      },
      frame: (frame) => this.#onFrame(frame),
      cutOff: (frame) => listener.cutOff(frame['subscription'] ?? '', frame),
      failed: (cause) => this.cut(cause),
      closed: (code, reason) => this.#end(code, reason),
    });
    this.#watchdog = setTimeout(() => this.cut('no CONNECTED frame in time'), timeoutMs);
    // A proxy that swallows the handshake says nothing at all.
    this.#openWatchdog = setTimeout(() => {
      if (this.#socket.connecting) this.cut('the WebSocket did not open in time');
    }, openMs);
  }

  get proven(): boolean {
    return this.#proven;
  }

  get largest(): number {
    return this.#largest;
  }

  subscribe(id: string, destination: string, headers: Headers): void {
    this.#socket.write('SUBSCRIBE', { ...headers, id, destination });
  }

  unsubscribe(id: string): void {
    this.#socket.write('UNSUBSCRIBE', { id });
  }

  send(frame: SendFrame): void {
    const { destination, headers, body } = frame;
    this.#largest = Math.max(this.#largest, sizeOf(frame));
    this.#socket.write('SEND', { ...headers, destination }, body);
  }

  /** DISCONNECT with a receipt, so that what was sent before is still answered; then the socket closes. */
  leave(): void {
    if (this.#ended || this.#goodbye !== undefined) return;
    if (!this.#proven) return this.cut();
    this.#goodbye = setTimeout(() => this.cut(), GOODBYE_MS);
    this.#liveness.stop();
    this.#heartbeats.stop();
    this.#socket.write('DISCONNECT', { receipt: GOODBYE });
  }

  cut(cause?: string): void {
    if (this.#ended) return;
    this.#cause = cause ?? this.#cause;
    this.#socket.abort();
  }

  probe(): void {
    if (this.#proven && !this.#ended && this.#goodbye === undefined) this.#liveness.probe();
  }

  #onFrame({ command, headers, body }: StompFrame): void {
    if (command === 'ERROR') return this.#onError(headers, body);
    if ((command === 'CONNECTED') === this.#proven) throw new RealtimeError('protocol', `The server broke the protocol: unexpected ${command} frame`);
    if (command === 'CONNECTED') this.#onConnected(headers);
    else if (command === 'RECEIPT') this.#onReceipt(headers);
    else this.#onMessage(headers, body);
  }

  #onConnected(headers: Headers): void {
    const { version, 'heart-beat': heartBeat } = headers;
    if (version !== '1.2') throw new RealtimeError('protocol', `The server speaks STOMP ${version ?? '1.0'}, not 1.2`);
    if (!this.#heartbeats.start(heartBeat)) throw new RealtimeError('protocol', `The server broke the protocol: heart-beat is ${heartBeat}`);
    clearTimeout(this.#watchdog);
    this.#proven = true;
    this.#liveness.start();
    this.listener.connected();
  }

  #onReceipt(headers: Headers): void {
    const id = headers['receipt-id'] ?? '';
    if (id === GOODBYE) this.#socket.close();
    else if (id !== PROBE) this.listener.receipt(id, headers);
  }

  #onMessage(headers: Headers, body: string): void {
    const id = headers['subscription'];
    if (id === CONTROL_SUBSCRIPTION) this.listener.control(headers, body);
    else if (id !== undefined) this.listener.message(id, headers, body);
  }

  #onError(headers: Headers, body: string): void {
    const text = headers['message'] ?? (body || 'ERROR frame');
    this.#retryAfterMs = numberOf(headers['retry-after-ms']);
    this.#cause = text;
    // The server's close code says whether to come back, so let it arrive.
    this.#goodbye ??= setTimeout(() => this.cut(), GOODBYE_MS);
    this.listener.error(new RealtimeError('protocol', text), headers['receipt-id']);
  }

  #end(code: number, reason: string): void {
    this.#ended = true;
    clearTimeout(this.#watchdog);
    clearTimeout(this.#openWatchdog);
    clearTimeout(this.#goodbye);
    this.#liveness.stop();
    this.#heartbeats.stop();
    // A 1008 that says when to come back is not for good.
    const passes = code === CloseCode.POLICY && this.#retryAfterMs !== undefined;
    this.listener.ended(passes ? CloseCode.OVERLOADED : code, this.#cause ?? reason, this.#retryAfterMs);
  }
}
