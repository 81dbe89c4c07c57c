import { RealtimeError } from './errors.js';
import type { Position, RealtimeMessage } from './types.js';

export type Headers = Readonly<Record<string, string>>;

/** Headers of a MESSAGE that are the protocol's and not the publisher's. */
const PROTOCOL_HEADERS = new Set([
  'subscription', 'destination', 'message-id', 'epoch', 'seq', 'timestamp', 'content-type', 'content-length', 'id', 'type',
]);

const JSON_TYPE = /^\s*[\w.+-]+\/([\w.-]+\+)?json\b/i;

/** A message of a backfill or history page. */
export interface WireMessage {
  /** Absent, with the timestamp, only where a stream over HTTP brings a message that is not numbered. */
  readonly seq: number;
  readonly id?: string;
  readonly timestamp: number;
  readonly type?: string;
  readonly headers?: Headers;
  readonly contentType?: string;
  /** The payload's text, or the JSON value itself. */
  readonly payload?: unknown;
  /** Instead of `payload` where the bytes are no text. */
  readonly payloadBase64?: string;
}

export function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined || text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export function positionOf(headers: Headers): Position | undefined {
  const seq = numberOf(headers['seq']);
  const epoch = headers['epoch'];
  return epoch !== undefined && seq !== undefined ? { epoch, seq } : undefined;
}

/** Throws a `RealtimeError` of kind `payload` when the JSON cannot be parsed. */
export function messageOfFrame(headers: Headers, body: string, topic: string): RealtimeMessage {
  const contentType = headers['content-type'];
  const own = Object.entries(headers).filter(([name]) => !PROTOCOL_HEADERS.has(name));
  return {
    topic,
    position: positionOf(headers) ?? { epoch: '', seq: 0 },
    ...optional('id', headers['id']),
    timestamp: numberOf(headers['timestamp']) ?? Date.now(),
    ...optional('type', headers['type']),
    ...optional('sender', headers['sender']),
    ...optional('traceparent', headers['traceparent']),
    headers: Object.fromEntries(own),
    ...optional('contentType', contentType),
    payload: payloadOf(body, contentType),
  };
}

export function messageOfPage(wire: WireMessage, topic: string, epoch: string): RealtimeMessage {
  return {
    topic,
    position: { epoch, seq: wire.seq ?? 0 },
    ...optional('id', wire.id),
    timestamp: wire.timestamp ?? Date.now(),
    ...optional('type', wire.type),
    ...optional('sender', wire.headers?.['sender']),
    ...optional('traceparent', wire.headers?.['traceparent']),
    headers: wire.headers ?? {},
    ...optional('contentType', wire.contentType),
    payload: pagePayloadOf(wire),
  };
}

function pagePayloadOf({ payload, payloadBase64, contentType }: WireMessage): unknown {
  if (payloadBase64 !== undefined) {
    let text;
    try {
      text = atob(payloadBase64);
    } catch (cause) {
      throw new RealtimeError('payload', 'The payload is declared as base64 but cannot be decoded', undefined, { cause });
    }
    return payloadOf(new TextDecoder().decode(Uint8Array.from(text, (char) => char.charCodeAt(0))), contentType);
  }
  // A JSON payload is a part of the page's own JSON: the value itself, even where it is a string.
  return payload;
}

function payloadOf(text: string, contentType: string | undefined): unknown {
  if (contentType === undefined || !JSON_TYPE.test(contentType)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new RealtimeError('payload', 'The payload is declared as JSON but cannot be parsed', undefined, { cause });
  }
}

/** Absent stays absent: JSON says `null` for it at times. */
function optional<K extends string>(key: K, value: string | null | undefined): { [P in K]?: string } {
  return value === undefined || value === null ? {} : ({ [key]: value } as { [P in K]?: string });
}
