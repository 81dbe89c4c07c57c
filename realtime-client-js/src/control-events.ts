import { RealtimeError } from './errors.js';
import { numberOf, type Headers } from './message.js';
import type { GapRange } from './order-guard.js';
import type { Signal } from './types.js';

/** The subscription id of control events. */
export const CONTROL_SUBSCRIPTION = 'realtime';

/** What control events act on. */
export interface ControlTarget {
  gap(subscriptionId: string, gap: GapRange, topic: string | undefined): void;
  /** Messages of topics that a pattern's subscription did not follow yet may be missing. */
  patternGap(subscriptionId: string, reason: string): void;
  denied(error: RealtimeError, frame: { receiptId: string | undefined; subscriptionId: string | undefined }): void;
  /** The node drains: leave it after this delay. */
  reconnect(afterMs: number | undefined): void;
  /** The credentials end soon: after so long, milliseconds. */
  expiring(inMs: number | undefined): void;
  /** Something of the moment, which is neither numbered nor kept. */
  signal(signal: Signal, subscriptionId: string | undefined): void;
}

type ControlHandler = (headers: Headers, target: ControlTarget, body: string) => void;

const controlEvents = new Map<string, ControlHandler>([
  ['gap', (headers, target) => {
    const [from, to] = [numberOf(headers['from']), numberOf(headers['to'])];
    const { topic, pattern, epoch, reason = 'unknown', 'subscription-id': subscriptionId } = headers;
    if (subscriptionId === undefined) return;
    if (pattern !== undefined && topic === undefined) return target.patternGap(subscriptionId, reason);
    if (epoch === undefined || from === undefined || to === undefined) return;
    target.gap(subscriptionId, { epoch, from, to, reason }, topic);
  }],
  ['denied', (headers, target) => {
    const { reason, message, 'refused-destination': destination, 'receipt-id': receiptId, 'subscription-id': subscriptionId } = headers;
    const text = message ?? `Denied${destination ? `: ${destination}` : ''}`;
    // Streams over HTTP have it as a member of a document.
    const retryAfterMs = numberOf(headers['retry-after-ms'] ?? headers['retryAfterMs']);
    target.denied(new RealtimeError('denied', text, reason, undefined, retryAfterMs), { receiptId, subscriptionId });
  }],
  ['reconnect', (headers, target) => target.reconnect(numberOf(headers['after-ms']))],
  ['expiring', (headers, target) => target.expiring(numberOf(headers['in-ms']))],
  ['signal', ({ topic, type, user, 'subscription-id': subscriptionId }, target, body) => {
    if (topic !== undefined && type !== undefined) target.signal({ topic, type, user, payload: jsonOf(body) }, subscriptionId);
  }],
]);

/** Events of a newer server are ignored. */
export function onControlEvent(headers: Headers, body: string, target: ControlTarget): void {
  controlEvents.get(headers['event'] ?? '')?.(headers, target, body);
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
