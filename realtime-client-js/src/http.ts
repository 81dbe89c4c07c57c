import { RealtimeHttpError, type Problem } from './errors.js';
import { messageOfPage, type WireMessage } from './message.js';
import type { HistoryPage, HistoryQuery, PresenceSnapshot, RealtimeMessage } from './types.js';

export interface HttpSettings {
  readonly fetch: typeof fetch;
  readonly token: (() => Promise<string>) | undefined;
  readonly timeoutMs: number;
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

/** The starter's HTTP side: backfill, history, presence. */
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
    return this.get<WirePage>(`/topics/${encodeURIComponent(topic)}/messages?${search}`, signal);
  }

  async history<T>(topic: string, query: HistoryQuery): Promise<HistoryPage<T>> {
    const page = await this.page(topic, query);
    const messages = page.messages.map((wire) => messageOfPage(wire, topic, page.epoch) as RealtimeMessage<T>);
    return { ...page, messages };
  }

  presence(topic: string): Promise<PresenceSnapshot> {
    return this.get<PresenceSnapshot>(`/topics/${encodeURIComponent(topic)}/presence`);
  }

  private async get<R>(path: string, signal?: AbortSignal): Promise<R> {
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    const timer = setTimeout(stop, this.settings.timeoutMs);
    signal?.addEventListener('abort', stop);
    try {
      const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
      if (this.settings.token) headers['Authorization'] = `Bearer ${await this.settings.token()}`;
      const response = await this.settings.fetch(this.base() + path, { headers, signal: abort.signal });
      if (!response.ok) throw new RealtimeHttpError(response.status, await problemOf(response));
      return (await response.json()) as R;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return ((await response.json()) as Problem | null) ?? {};
  } catch {
    // A proxy's own error page: the status must do.
    return {};
  }
}
