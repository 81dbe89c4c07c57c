import type { PublishOptions } from './types.js';

export interface SendFrame {
  readonly destination: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
  /** Whether it is still to be sent, where it had to wait for others. */
  readonly wanted?: () => boolean;
}

/** Where frames go. */
export type SendNow = (frame: SendFrame) => void;

/** Strings go as text, bytes as they are, anything else as JSON. */
export function sendFrame(destination: string, payload: unknown, { id, type, headers }: PublishOptions): SendFrame {
  const [body, contentType] = encode(payload);
  return {
    destination,
    headers: {
      'content-type': contentType,
      ...headers,
      ...(id !== undefined && { id }),
      ...(type !== undefined && { type }),
    },
    body,
  };
}

function encode(payload: unknown): [body: string | Uint8Array, contentType: string] {
  if (typeof payload === 'string') return [payload, 'text/plain;charset=UTF-8'];
  if (payload instanceof Uint8Array) return [payload, 'application/octet-stream'];
  return [JSON.stringify(payload) ?? 'null', 'application/json'];
}
