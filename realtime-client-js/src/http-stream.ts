/* Both ways of getting a stream of events over plain HTTP. */
import { within } from './application.js';
import { pause } from './backoff.js';
import { CloseCode } from './close-codes.js';
import { isObject } from './checks.js';
import { documentOf, jsonOf } from './documents.js';
import { RealtimeHttpError } from './errors.js';
import { EventStreamParser } from './sse-parser.js';

/** A stream without a byte for so many of its heartbeats is dead. */
const HEARTBEATS = 2.5;
/** The server's own, for a client that wants none. */
const LONG_HEARTBEAT_MS = 15_000;
/** The shortest that a server gives. */
const SHORT_HEARTBEAT_MS = 1_000;
/** A poll is parked for up to 25 s. */
const POLL_MS = 35_000;
/** A subscription that has missed nothing is no news to the server: the first polls do not wait for some. */
const FIRST_POLLS_MS = [200, 2_000];
/** A server that parks nothing must not be asked in a loop. */
const POLL_PAUSE_MS = 500;

export type HttpRequest = (path: string, init: RequestInit) => Promise<Response>;

export interface StreamTimes {
  readonly openMs: number;
  /** 0 when none is wanted. */
  readonly heartbeatMs: number;
}

export interface StreamSink {
  /** The first byte, or the first answer. */
  opened(): void;
  /** Anything at all. */
  heard(): void;
  event(event: string, data: Record<string, unknown>): void;
  position(compact: string): void;
  /** Nothing more was to be said now; `long` when the server had plenty of time. */
  quiet(long: boolean): void;
}

/** Why a stream is over, as a WebSocket's close would say it. */
export class StreamEnd extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    readonly retryAfterMs?: number,
  ) {
    super(reason);
  }
}

export function endOf(error: unknown): StreamEnd {
  if (error instanceof StreamEnd) return error;
  if (!(error instanceof RealtimeHttpError)) return new StreamEnd(CloseCode.ABNORMAL, error instanceof Error ? error.message : String(error));
  const { status, verdict, problem, reason = problem.detail ?? `HTTP ${status}`, retryAfterMs } = error;
  if (verdict === 'final' && (status === 401 || status === 403 || status === 431)) return new StreamEnd(CloseCode.POLICY, reason);
  if (status === 429 || status === 503) return new StreamEnd(CloseCode.OVERLOADED, reason, retryAfterMs);
  return new StreamEnd(CloseCode.ABNORMAL, reason);
}

/** Server-sent events by fetch, so that credentials can be sent with them. */
export async function streamEvents(
  request: HttpRequest, parameters: () => URLSearchParams, { openMs, heartbeatMs }: StreamTimes, sink: StreamSink, signal: AbortSignal,
): Promise<never> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  signal.addEventListener('abort', stop);
  let why = 'the stream did not open in time';
  let watchdog = setTimeout(stop, openMs);
  try {
    const headers = { Accept: 'text/event-stream' };
    const query = parameters();
    if (heartbeatMs > 0) query.set('heartbeat', String(heartbeatMs));
    const response = await request(`/sse?${query}`, { headers, signal: abort.signal });
    if (!response.body || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      throw new StreamEnd(CloseCode.ABNORMAL, 'the answer is not an event stream');
    }
    const [reader, decoder, parser] = [response.body.getReader(), new TextDecoder(), new EventStreamParser()];
    for (let first = true; ; first = false) {
      const { done, value } = await reader.read();
      if (done) throw new StreamEnd(CloseCode.ABNORMAL, 'the stream ended');
      clearTimeout(watchdog);
      why = 'heartbeat lost';
      watchdog = setTimeout(stop, HEARTBEATS * Math.max(heartbeatMs || LONG_HEARTBEAT_MS, SHORT_HEARTBEAT_MS));
      if (first) sink.opened();
      sink.heard();
      for (const { event, data, id } of parser.feed(decoder.decode(value, { stream: true }))) {
        if (abort.signal.aborted) break;
        const value = jsonOf(data);
        if (!isObject(value)) throw new StreamEnd(CloseCode.ABNORMAL, 'an event is not a JSON object');
        sink.event(event, value);
        if (id) sink.position(id);
      }
    }
  } catch (error) {
    throw abort.signal.aborted && !signal.aborted ? new StreamEnd(CloseCode.ABNORMAL, why) : error;
  } finally {
    clearTimeout(watchdog);
    abort.abort();
    signal.removeEventListener('abort', stop);
  }
}

/** One request after the other, each parked by the server until there is news. */
export async function pollEvents(
  request: HttpRequest, parameters: () => URLSearchParams, sink: StreamSink, signal: AbortSignal,
): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    const since = Date.now();
    const query = parameters();
    if (!query.has('topic') && !query.has('destination')) return; // All of it is answered.
    const soon = FIRST_POLLS_MS[round];
    if (soon !== undefined) query.set('timeout', String(soon));
    const [page, moved] = await within(POLL_MS, signal, async (own) => {
      const response = await request(`/poll?${query}`, { signal: own });
      return [response.status === 204 ? undefined : await documentOf<PollAnswer>(response, 'poll'), response.headers.get('Realtime-Position')];
    });
    if (signal.aborted) return;
    sink.opened();
    sink.heard();
    for (const { event, ...data } of page?.events ?? []) {
      if (!signal.aborted) sink.event(event, data);
    }
    const position = page ? page.position : moved;
    if (signal.aborted) return;
    if (position) sink.position(position);
    sink.quiet(round > 0);
    if (!page && soon === undefined && Date.now() - since < POLL_PAUSE_MS) await pause(POLL_PAUSE_MS, signal);
  }
}

interface PollAnswer {
  readonly position: string;
  readonly events: readonly { readonly event: string }[];
}
