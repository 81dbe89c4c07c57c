import { isObject } from './checks.js';
import { documentOf, isOurs, jsonOf, textOf, type SHAPES } from './documents.js';
import { RealtimeError, RealtimeHttpError, type Problem } from './errors.js';
import { messageOfPage, type WireMessage } from './message.js';
import type { LoadedState } from './state-loader.js';
import type { UnreadState } from './api.js';
import type { HistoryPage, HistoryQuery, Position, PresenceSnapshot, RealtimeMessage } from './types.js';

export interface HttpSettings {
  readonly fetch: typeof fetch;
  readonly token: (() => Promise<string>) | undefined;
  readonly timeoutMs: number;
  readonly connectHeaders: Readonly<Record<string, string>>;
}

/** A page as it is on the wire: payloads are not parsed yet, so that one bad payload does not spoil the others. */
export interface WirePage {
  readonly topic: string;
  readonly epoch: string;
  readonly messages: readonly WireMessage[];
  readonly through: number;
  readonly latest: number;
  readonly hasMore: boolean;
}

/** How long plain HTTP may take to prove that it passes, milliseconds. */
const ANSWER_MS = 3_000;

/** The starter's HTTP side: backfill, history, snapshots, presence, what is read. */
export class RealtimeHttp {
  constructor(
    private readonly base: () => string,
    private readonly settings: HttpSettings,
  ) {}

  page(topic: string, query: HistoryQuery, signal?: AbortSignal): Promise<WirePage> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) search.set(name, String(value));
    }
    return this.get<WirePage>('page', `/topics/${encodeURIComponent(topic)}/messages?${search}`, signal);
  }

  async history<T>(topic: string, query: HistoryQuery): Promise<HistoryPage<T>> {
    const page = await this.page(topic, query);
    const messages = page.messages.map((wire) => messageOfPage(wire, topic, page.epoch) as RealtimeMessage<T>);
    return { ...page, messages };
  }

  presence(topic: string): Promise<PresenceSnapshot> {
    return this.get<PresenceSnapshot>('presence', `/topics/${encodeURIComponent(topic)}/presence`);
  }

  async snapshot(topic: string, signal: AbortSignal): Promise<LoadedState> {
    const { state, ...at } = await this.get<Position & { state: unknown }>('snapshot', `/topics/${encodeURIComponent(topic)}/snapshot`, signal);
    return { state, position: { epoch: at.epoch, seq: at.seq } };
  }

  /** Members with the position from which joins and leaves go on; no position from a server that does not tell it. */
  async presenceState(topic: string, signal: AbortSignal): Promise<LoadedState> {
    const state = await this.get<PresenceSnapshot>('presence', `/topics/${encodeURIComponent(topic)}/presence`, signal);
    const { epoch, seq } = state;
    return { state, position: epoch !== undefined && seq !== undefined ? { epoch, seq } : undefined };
  }

  unread(topics: readonly string[], signal?: AbortSignal): Promise<readonly UnreadState[]> {
    const search = new URLSearchParams(topics.map((topic) => ['topic', topic]));
    return this.get<readonly UnreadState[]>('unread', `/unread?${search}`, signal);
  }

  markRead(topic: string, position: Position | undefined): Promise<UnreadState> {
    const body = position ? JSON.stringify({ epoch: position.epoch, seq: position.seq }) : '';
    return this.get<UnreadState>('read', `/topics/${encodeURIComponent(topic)}/read`, undefined, {
      method: 'POST', body, headers: { 'Content-Type': 'application/json' },
    });
  }

  /** Whether the fallbacks would get through: they refuse a request without topics, and that is an answer. */
  async answers(base: string): Promise<boolean> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), ANSWER_MS);
    try {
      const response = await this.request('/poll', { credentials: 'include', cache: 'no-store', signal: abort.signal }, base);
      return response.status === 429 || ((response.ok || response.status === 400) && isOurs(response));
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  /** With the present token, and with what else CONNECT would carry where it is like one: a CSRF token, for instance. */
  async request(path: string, init: RequestInit, base = this.base()): Promise<Response> {
    const own = init.method === 'POST' || init.credentials === 'include' ? this.settings.connectHeaders : {};
    const { realtime: _, login: _login, passcode: _passcode, ...more } = own;
    const headers: Record<string, string> = { ...more, ...(init.headers as Record<string, string> | undefined) };
    if (this.settings.token) headers['Authorization'] = `Bearer ${await this.settings.token()}`;
    return this.settings.fetch(base + path, { ...init, headers });
  }

  private async get<R>(shape: keyof typeof SHAPES, path: string, signal?: AbortSignal, init: RequestInit = {}): Promise<R> {
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    const timer = setTimeout(stop, this.settings.timeoutMs);
    signal?.addEventListener('abort', stop);
    try {
      const headers = { ...(init.headers as Record<string, string> | undefined), Accept: 'application/json, application/problem+json' };
      const response = await this.request(path, { ...init, headers, signal: abort.signal });
      if (!response.ok) throw new RealtimeHttpError(response.status, await problemOf(response));
      return await documentOf<R>(response, shape);
    } catch (cause) {
      if (cause instanceof RealtimeError) throw cause;
      if (abort.signal.aborted && !signal?.aborted) throw new RealtimeError('timeout', `No answer within ${this.settings.timeoutMs} ms`);
      throw new RealtimeError('disconnected', `The request failed: ${cause}`, undefined, { cause });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** Of a proxy's own error page nothing: the status must do. */
export async function problemOf(response: Response): Promise<Problem> {
  const value = await textOf(response).then(jsonOf, () => undefined);
  if (!isObject(value)) return {};
  const right = ([name, one]: [string, unknown]): boolean => typeof one === (name === 'first' || name === 'latest' ? 'number' : 'string');
  return Object.fromEntries(Object.entries(value).filter(right)) as Problem;
}
