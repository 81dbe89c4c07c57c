import { CloseCode } from './close-codes.js';
import type { Headers } from './message.js';
import type { WebSocketConstructor } from './options.js';
import { StompDecoder } from './stomp-decoder.js';
import { encodeFrame, utf8, type StompFrame } from './stomp-frame.js';

const OPEN = 1;
const NUL = new Uint8Array(1);

/** What is used of a WebSocket; that of the `ws` package can also be ended at once. */
interface Socket {
  readonly readyState: number;
  binaryType: string;
  onopen: () => void;
  onmessage: (event: { readonly data: unknown }) => void;
  onclose: (event: { readonly code: number; readonly reason: string }) => void;
  onerror: () => void;
  send(data: string | Uint8Array): void;
  close(): void;
  terminate?(): void;
}

export interface SocketListener {
  opened(): void;
  /** Something came, before its frames are told. */
  heard(): void;
  frame(frame: StompFrame): void;
  /** A frame whose body has come in part, and whose rest will not come. */
  cutOff(headers: Headers): void;
  /** What came is no frame, or was more than could be handled. */
  failed(cause: string): void;
  /** Called once, last. */
  closed(code: number, reason: string): void;
}

/** Frames over a WebSocket. */
export class StompSocket {
  readonly #socket: Socket;
  readonly #decoder = new StompDecoder();
  #ended = false;

  /**
   * Opens the WebSocket.
   * @param cutsAtNul whether it cuts texts at the first NUL: then frames are sent as bytes, and those that come are completed
   */
  constructor(WebSocket: WebSocketConstructor, url: string, private readonly cutsAtNul: boolean, private readonly listener: SocketListener) {
    const socket = (this.#socket = new WebSocket(url, ['v12.stomp']) as Socket);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (!this.#ended) listener.opened();
    };
    socket.onmessage = ({ data }) => this.#received(data);
    socket.onclose = ({ code, reason }) => this.#end(code, reason);
    // A close follows.
    socket.onerror = () => undefined;
  }

  get connecting(): boolean {
    return this.#socket.readyState < OPEN;
  }

  write(command: string, headers: Headers, body?: string | Uint8Array): void {
    const frame = encodeFrame(command, headers, body);
    this.send(this.cutsAtNul && typeof frame === 'string' ? utf8(frame) : frame);
  }

  send(data: string | Uint8Array): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(data);
  }

  close(): void {
    this.#socket.close();
  }

  /** Ends at once: a dead socket does not answer a close, and would keep the client offline for minutes. */
  abort(): void {
    const socket = this.#socket;
    if (socket.terminate) socket.terminate();
    else socket.close();
    this.#end(CloseCode.ABNORMAL, '');
  }

  #received(data: unknown): void {
    if (this.#ended) return;
    this.listener.heard();
    try {
      this.#decode(bytesOf(data));
      if (this.cutsAtNul && typeof data === 'string') this.#complete();
    } catch (error) {
      this.listener.failed(error instanceof Error ? error.message : String(error));
    }
  }

  #decode(bytes: Uint8Array): void {
    for (const frame of this.#decoder.decode(bytes)) {
      if (this.#ended) return;
      this.listener.frame(frame);
    }
  }

  /** The server sends each frame in a message of its own: what lacks its NUL was cut there. */
  #complete(): void {
    if (this.#ended || !this.#decoder.unfinished) return;
    this.#decode(NUL);
    if (!this.#decoder.unfinished) return;
    // The cut was at a NUL within the body.
    const headers = this.#decoder.drop();
    if (headers) this.listener.cutOff(headers);
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.listener.closed(code, reason);
  }
}

function bytesOf(data: unknown): Uint8Array {
  if (typeof data === 'string') return utf8(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const { byteLength } = data as { readonly byteLength?: number };
  if (byteLength === undefined) throw new TypeError('The WebSocket delivers neither text nor bytes');
  return new Uint8Array(data as ArrayBuffer);
}
