import { fullJitter, type BackoffPolicy } from './backoff.js';

/** What the server's close codes ask of a client. */
export const CloseCode = {
  NORMAL: 1000,
  GOING_AWAY: 1001,
  /** Never sent: no close frame came, or the try never got a socket. */
  ABNORMAL: 1006,
  POLICY: 1008,
  /** A frame was larger than the server takes. */
  TOO_LARGE: 1009,
  RESTART: 1012,
  OVERLOADED: 1013,
  /** 4000 to 4499: try again. */
  RETRY_FROM: 4000,
  /** 4500 to 4999: trying again will not help. */
  FINAL_FROM: 4500,
  FINAL_TO: 4999,
} as const;

export interface LostConnection {
  readonly code: number;
  /** Reconnects since the connection was last stable. */
  readonly attempt: number;
  readonly wasLive: boolean;
  /** What is left of a delay that the server announced before it closed, milliseconds. */
  readonly announcedMs?: number | undefined;
}

export function mayRetry(code: number): boolean {
  return code !== CloseCode.POLICY && !(code >= CloseCode.FINAL_FROM && code <= CloseCode.FINAL_TO);
}

/** Milliseconds until the next try, or undefined when there must be none. */
export function reconnectDelay(lost: LostConnection, policy: BackoffPolicy): number | undefined {
  if (!mayRetry(lost.code)) return undefined;
  if (lost.announcedMs !== undefined) return lost.announcedMs;
  // A restart of the node we were live on is no sign of trouble; one that turns us away again and again is.
  if (lost.code === CloseCode.RESTART && lost.wasLive) return fullJitter(0, policy);
  if (lost.code === CloseCode.OVERLOADED) return fullJitter(lost.attempt + 1, policy);
  return fullJitter(lost.attempt, policy);
}

/** When the device says that the network is back: almost at once, but tries keep a second between them. */
export function soonDelay(sinceLastTryMs: number, policy: BackoffPolicy): number {
  // A clock that was set back would make it wait as long.
  return Math.max(0, 1_000 - Math.max(0, sinceLastTryMs)) + policy.random() * 200;
}
