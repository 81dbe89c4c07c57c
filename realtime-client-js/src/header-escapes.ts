import { FrameImpl } from '@stomp/stompjs';

const MEANING: Readonly<Record<string, string>> = { '\\r': '\r', '\\n': '\n', '\\c': ':', '\\\\': '\\' };

/** As STOMP 1.2 writes it in a header. */
export function escapeHeader(text: string): string {
  return text.replace(/[\\\r\n:]/g, (char) => Object.entries(MEANING).find(([, meaning]) => meaning === char)?.[0] ?? char);
}

/** Undoes the escapes of STOMP 1.2, from left to right. */
export function unescapeHeader(text: string): string {
  return text.replace(/\\[rnc\\]/g, (escape) => MEANING[escape] ?? escape);
}

/**
 * stompjs 7.5 undoes one kind of escape after the other: the user `CORP\nina`, sent as `CORP\\nina`, has a line break in it
 * then. Where a release calls it otherwise this changes nothing, and a test says so.
 */
export function repairStompjs(): void {
  (FrameImpl as unknown as { hdrValueUnEscape: (text: string) => string }).hdrValueUnEscape = unescapeHeader;
}
