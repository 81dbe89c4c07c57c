import type { PublishOptions } from './types.js';

export interface SendFrame {
  readonly destination: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
  /** Whether it is still to be sent, where it had to wait for others. */
  readonly wanted?: () => boolean;
}

/** How large its body is: characters of a text, or bytes. */
export function sizeOf({ body }: SendFrame): number {
  return body.length;
}

/** Where frames go. */
export type SendNow = (frame: SendFrame) => void;

/** Strings go as text, bytes as they are, anything else as JSON. Throws a `TypeError` for what JSON would make an empty object of. */
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
  if (payload instanceof ArrayBuffer) return encode(new Uint8Array(payload));
  if (ArrayBuffer.isView(payload)) return [new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength), 'application/octet-stream'];
  if (/^\[object (Blob|File|Map|Set|Promise)]$/.test(Object.prototype.toString.call(payload))) {
    throw new TypeError('A payload is a string, bytes, or what JSON can express; convert a Blob, Map, Set or Promise first');
  }
  return [JSON.stringify(payload) ?? 'null', 'application/json'];
}
