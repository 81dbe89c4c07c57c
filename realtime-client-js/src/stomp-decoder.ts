import { RealtimeError } from './errors.js';
import { unescapeHeader } from './header-escapes.js';
import type { Headers } from './message.js';
import { utf8, type StompFrame } from './stomp-frame.js';

/** The largest frame that is taken, in bytes: a server that never ends a frame must not fill the memory. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

const LF = 10;
const CR = 13;
const NOTHING = new Uint8Array(0);

/** The commands of a server, and whether a frame may have a body. */
const COMMANDS = new Map([['CONNECTED', false], ['MESSAGE', true], ['RECEIPT', false], ['ERROR', true]]);
const LONGEST_COMMAND = 9;

/** What is known of a frame that has begun. Offsets count from its first byte. */
interface Begun {
  command?: string;
  headers?: Headers;
  /** The body's bytes, unless a NUL ends it. */
  length?: number | undefined;
  lineStart: number;
  bodyStart: number;
  /** The next byte to look at. */
  next: number;
}

/**
 * Decodes what a server sends into frames, in whatever pieces it comes. Strict by the grammar of STOMP 1.2.
 *
 * The work is linear in the bytes, however many pieces they come in. A frame within one piece is decoded in place. Of any
 * other one, what has come is kept: at most twice its bytes, and it is refused when it exceeds the largest frame. After an
 * error the decoder must not be used any more.
 */
export class StompDecoder {
  readonly #text = new TextDecoder();
  #begun: Begun | undefined;
  #kept = NOTHING;
  #size = 0;

  constructor(private readonly maxBytes = MAX_FRAME_BYTES) {}

  /** Whether a frame has begun and is not whole. */
  get unfinished(): boolean {
    return this.#begun !== undefined;
  }

  /** Yields the frames that the piece completes. Throws a `RealtimeError` at what is no frame of a server, or too large. */
  *decode(piece: Uint8Array): Generator<StompFrame, void> {
    const bytes = this.#size > 0 ? this.#append(piece) : piece;
    let at = 0;
    while (at < bytes.length) {
      // Between frames, the ends of lines are heartbeats.
      if (!this.#begun && (bytes[at] === LF || bytes[at] === CR)) {
        at++;
        continue;
      }
      const begun = (this.#begun ??= { lineStart: 0, bodyStart: 0, next: 0 });
      const frame = this.#decode(bytes.subarray(at), begun);
      if (!frame) break;
      at += begun.next;
      this.#begun = undefined;
      yield frame;
    }
    if (at > 0 || this.#size === 0) {
      this.#kept = bytes.slice(at);
      this.#size = this.#kept.length;
    }
  }

  /** Drops the frame that has begun, and returns its headers if they are whole. */
  drop(): Headers | undefined {
    const headers = this.#begun?.headers;
    this.#begun = undefined;
    this.#kept = NOTHING;
    this.#size = 0;
    return headers;
  }

  #append(piece: Uint8Array): Uint8Array {
    const size = this.#size + piece.length;
    if (size > this.#kept.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#kept.length));
      grown.set(this.#kept.subarray(0, this.#size));
      this.#kept = grown;
    }
    this.#kept.set(piece, this.#size);
    this.#size = size;
    return this.#kept.subarray(0, size);
  }

  /** Goes on with the frame at the beginning of the bytes. Returns nothing while it is not whole. */
  #decode(bytes: Uint8Array, begun: Begun): StompFrame | undefined {
    const end = Math.min(bytes.length, this.maxBytes);
    const { command, headers } = this.#headersOf(bytes, end, begun);
    const bodyEnd = command && headers ? this.#bodyEndOf(bytes, end, begun) : undefined;
    if (command && headers && bodyEnd !== undefined) {
      return { command, headers, body: this.#text.decode(bytes.subarray(begun.bodyStart, bodyEnd)) };
    }
    if (bytes.length > this.maxBytes) throw this.#tooLarge(begun);
    return undefined;
  }

  #headersOf(bytes: Uint8Array, end: number, begun: Begun): Begun {
    for (let i = begun.next; i < end && !begun.headers; i++) {
      begun.next = i + 1;
      if (bytes[i] === 0) throw malformed('a frame ends before its headers do');
      if (bytes[i] !== LF) continue;
      const line = bytes.subarray(begun.lineStart, i > begun.lineStart && bytes[i - 1] === CR ? i - 1 : i);
      if (!begun.command) begun.command = commandOf(line);
      else if (line.length === 0) endHeaders(bytes.subarray(0, begun.lineStart), begun);
      begun.lineStart = begun.bodyStart = i + 1;
    }
    if (!begun.command && begun.next > LONGEST_COMMAND + 1) commandOf(bytes.subarray(0, begun.next));
    return begun;
  }

  #bodyEndOf(bytes: Uint8Array, end: number, begun: Begun): number | undefined {
    const { command = '', length, bodyStart } = begun;
    if (length !== undefined && length >= this.maxBytes - bodyStart) throw this.#tooLarge(begun);
    if (!COMMANDS.get(command) && (length || (bodyStart < end && bytes[bodyStart] !== 0))) throw malformed(`${command} has a body`);
    const nul = length === undefined ? bytes.subarray(0, end).indexOf(0, begun.next) : bodyStart + length;
    const whole = nul >= 0 && nul < end;
    begun.next = whole ? nul + 1 : end;
    if (!whole) return undefined;
    if (bytes[nul] !== 0) throw malformed('a body is longer than its content-length');
    return nul;
  }

  #tooLarge({ headers }: Begun): RealtimeError {
    const { 'message-id': id, destination } = headers ?? {};
    return malformed(`a frame has more than ${this.maxBytes} bytes${id === undefined ? '' : `: message ${id} of ${destination}`}`);
  }
}

function malformed(fault: string): RealtimeError {
  return new RealtimeError('protocol', `The server broke the protocol: ${fault}`);
}

function commandOf(line: Uint8Array): string {
  const command = String.fromCharCode(...line.subarray(0, LONGEST_COMMAND + 1));
  if (!COMMANDS.has(command)) throw malformed(`unknown command: ${JSON.stringify(command)}`);
  return command;
}

function endHeaders(head: Uint8Array, begun: Begun): void {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(head);
  if (text.includes('\uFFFD') && utf8(text).some((byte, i) => byte !== head[i])) throw malformed('headers are not UTF-8');
  const headers = new Map<string, string>();
  for (const line of text.split('\n').slice(1, -1)) {
    const [, rawName, rawValue] = /^([^:\r]+):([^\r]*)\r?$/.exec(line) ?? [];
    if (rawName === undefined || rawValue === undefined) throw malformed(`malformed header line: ${JSON.stringify(line.slice(0, 40))}`);
    const [name, value] = begun.command === 'CONNECTED' ? [rawName, rawValue] : [unescapeHeader(rawName), unescapeHeader(rawValue)];
    // Of several headers of one name the first counts.
    if (!headers.has(name)) headers.set(name, value);
  }
  const length = headers.get('content-length');
  if (length !== undefined && !/^\d+$/.test(length)) throw malformed(`content-length is not a number: ${JSON.stringify(length.slice(0, 40))}`);
  begun.length = length === undefined ? undefined : Number(length);
  begun.headers = Object.fromEntries(headers);
}
