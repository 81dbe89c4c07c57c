import { escapeHeader } from './header-escapes.js';
import type { Headers } from './message.js';

/** A frame of the server. */
export interface StompFrame {
  readonly command: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The end of a line between frames. */
export const HEARTBEAT = '\n';

/** Returns the frame as a text, or as bytes when its body is bytes. */
export function encodeFrame(command: string, headers: Headers, body: string | Uint8Array = ''): string | Uint8Array {
  // CONNECT has no escapes, for the sake of STOMP 1.0; what it must not contain is refused with the options.
  const escape = command === 'CONNECT' ? String : escapeHeader;
  const lines = Object.entries(headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `${escape(name)}:${escape(value)}\n`);
  const size = typeof body === 'string' ? utf8(body).length : body.length;
  if (size > 0) lines.push(`content-length:${size}\n`);
  const head = `${command}\n${lines.join('')}\n`;
  if (typeof body === 'string') return `${head}${body}\0`;
  const start = utf8(head);
  const bytes = new Uint8Array(start.length + size + 1);
  bytes.set(start);
  bytes.set(body, start.length);
  return bytes;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
