import { within } from './application.js';
import { documentOf, isOurs, type SHAPES } from './documents.js';
import { RealtimeError, RealtimeHttpError } from './errors.js';
import { messageOfPage, type WireMessage } from './message.js';
import type { LoadedState } from './state-loader.js';
import { accepted } from './verdict.js';
import type { UnreadState } from './api.js';
import type { HistoryPage, HistoryQuery, Position, PresenceSnapshot, RealtimeMessage } from './types.js';

export interface HttpSettings {
  readonly fetch: typeof fetch;
  readonly token: (() => Promise<string>) | undefined;
  readonly auth?: 'ticket' | undefined;
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
    const search = new URLSearchParams({ topic });
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) search.set(name, String(value));
    }
    return this.get<WirePage>('page', `/topics/messages?${search}`, signal);
  }

  async history<T>(topic: string, query: HistoryQuery): Promise<HistoryPage<T>> {
    const page = await this.page(topic, query);
    const messages = page.messages.map((wire) => messageOfPage(wire, topic, page.epoch) as RealtimeMessage<T>);
    return { ...page, messages };
  }

  presence(topic: string): Promise<PresenceSnapshot> {
    return this.get<PresenceSnapshot>('presence', about('presence', topic));
  }

  async snapshot(topic: string, signal: AbortSignal): Promise<LoadedState> {
    const { state, ...at } = await this.get<Position & { state: unknown }>('snapshot', about('snapshot', topic), signal);
    return { state, position: { epoch: at.epoch, seq: at.seq } };
  }

  /** Members with the position from which joins and leaves go on; no position from a server that does not tell it. */
  async presenceState(topic: string, signal: AbortSignal): Promise<LoadedState> {
    const state = await this.get<PresenceSnapshot>('presence', about('presence', topic), signal);
    const { epoch, seq } = state;
    return { state, position: epoch !== undefined && seq !== undefined ? { epoch, seq } : undefined };
  }

  unread(topics: readonly string[], signal?: AbortSignal): Promise<readonly UnreadState[]> {
    const search = new URLSearchParams(topics.map((topic) => ['topic', topic]));
    return this.get<readonly UnreadState[]>('unread', `/unread?${search}`, signal);
  }

  markRead(topic: string, position: Position | undefined): Promise<UnreadState> {
    const body = position ? JSON.stringify({ epoch: position.epoch, seq: position.seq }) : '';
    return this.get<UnreadState>('read', about('read', topic), undefined, {
      method: 'POST', body, headers: { 'Content-Type': 'application/json' },
    });
  }

  /** For one CONNECT, stream, poll or POST. */
  async ticket(signal?: AbortSignal): Promise<string> {
    return (await this.get<{ ticket: string }>('ticket', '/ticket', signal, { method: 'POST' })).ticket;
  }

  /** A request of a session over HTTP, whose path has a query: each needs a ticket of its own, where there are tickets. */
  async sessionRequest(path: string, init: RequestInit): Promise<Response> {
    const ticket = this.settings.auth && (await this.ticket(init.signal ?? undefined));
    return this.request(ticket ? `${path}&ticket=${ticket}` : path, init);
  }

  /** Resolves when the service itself answers: it refuses a request without topics, and that is an answer. */
  async greet(signal: AbortSignal, base?: string): Promise<void> {
    try {
      const response = await this.request('/poll', { signal }, base);
      if (!isOurs(response)) throw new RealtimeError('document', `Something other than the realtime server answered (HTTP ${response.status}), such as a proxy or a login page`);
    } catch (error) {
      if (!(error instanceof RealtimeHttpError) || error.status !== 400 || error.verdict !== 'final') throw error;
    }
  }

  /** Whether the fallbacks would get through, and if not, whether a login is in the way. */
  async answers(base: string): Promise<boolean | 'unauthorized'> {
    try {
      await within(ANSWER_MS, undefined, (signal) => this.greet(signal, base));
      return true;
    } catch (error) {
      const { status, verdict } = error as Partial<RealtimeHttpError>;
      return status === 429 || (verdict === 'unauthorized' && verdict);
    }
  }

  /**
   * With the present token, and with what else CONNECT would carry where it is like one: a CSRF token, for instance. Throws a
   * `RealtimeHttpError` unless the answer is to be read.
   */
  async request(path: string, init: RequestInit, base = this.base()): Promise<Response> {
    const { realtime: _, login: _login, passcode: _passcode, ...own } = this.settings.connectHeaders;
    const headers: Record<string, string> = { Accept: 'application/json, application/problem+json', ...own, ...(init.headers as Record<string, string>) };
    // A login then answers 401 instead of its page, and does not lead back here. To other origins it would have to be allowed.
    if (isHome(base)) headers['X-Requested-With'] = 'XMLHttpRequest';
    if (this.settings.token) headers['Authorization'] = `Bearer ${await this.settings.token()}`;
    return accepted(await this.settings.fetch(base + path, { cache: 'no-store', credentials: 'include', ...init, headers }));
  }

  private async get<R>(shape: keyof typeof SHAPES, path: string, signal?: AbortSignal, init: RequestInit = {}): Promise<R> {
    const { timeoutMs } = this.settings;
    return within(timeoutMs, signal, async (own) => {
      try {
        return await documentOf<R>(await this.request(path, { ...init, signal: own }), shape);
      } catch (cause) {
        if (cause instanceof RealtimeError) throw cause;
        if (own.aborted && !signal?.aborted) throw new RealtimeError('timeout', `No answer within ${timeoutMs} ms`);
        throw new RealtimeError('disconnected', `The request failed: ${cause}`, undefined, { cause });
      }
    });
  }
}

/** The name is a parameter: servers refuse `%2F` in a path. */
function about(what: string, topic: string): string {
  return `/topics/${what}?${new URLSearchParams({ topic })}`;
}

/** Whether it is the page's own origin; without a page any is. */
function isHome(base: string): boolean {
  const { href, origin } = (globalThis.location ?? {}) as Partial<Location>;
  return !href || new URL(base, href).origin === origin;
}
