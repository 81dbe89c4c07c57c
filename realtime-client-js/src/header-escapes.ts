import { RealtimeError } from './errors.js';

const MEANING: Readonly<Record<string, string>> = { r: '\r', n: '\n', c: ':', '\\': '\\' };

/** NUL ends a frame and has no escape: it becomes a question mark, as it does in what the server sends. */
const ESCAPES: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', ':': '\\c', '\\': '\\\\', '\0': '?' };

/** Escapes a header's name or value as STOMP 1.2 does. */
export function escapeHeader(text: string): string {
  return text.replace(/[\\\r\n:\0]/g, (char) => ESCAPES[char] ?? char);
}

/** Undoes the escapes of STOMP 1.2. Any other escape is an error of the server. */
export function unescapeHeader(text: string): string {
  return text.replace(/\\([^]?)/g, (escape, char: string) => {
    const meaning = MEANING[char];
    if (meaning === undefined) throw new RealtimeError('protocol', `The server sent an unknown escape in a header: ${escape}`);
    return meaning;
  });
}
