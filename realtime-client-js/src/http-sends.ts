import { documentOf } from './documents.js';
import { RealtimeError } from './errors.js';
import { problemOf, type RealtimeHttp } from './http.js';
import type { SendFrame } from './send-frame.js';
import type { SessionListener } from './session.js';

/** Refusals of the message, which are no sign of trouble on the way. */
const ANSWERS = new Set(['publish-failed', 'publish-unknown', 'read-failed']);

/** SENDs as POSTs, one after the other: two requests under way may overtake each other. */
export class HttpSends {
  #last: Promise<void> = Promise.resolve();
  /** What was given before a failure fails with it, so that nothing overtakes what is repeated. */
  #generation = 0;

  constructor(
    private readonly parts: { readonly request: RealtimeHttp['request']; readonly timeoutMs: number; readonly credentials: Readonly<Record<string, string>> },
    private readonly listener: Pick<SessionListener, 'receipt' | 'control' | 'error'>,
    private readonly life: AbortSignal,
  ) {}

  send(frame: SendFrame): void {
    const generation = this.#generation;
    this.#last = this.#last.then(async () => {
      const { receipt } = frame.headers;
      if (generation !== this.#generation) return this.#brokenOff(receipt);
      if (frame.wanted?.() === false) return;
      try {
        await this.#post(frame, receipt);
      } catch (error) {
        this.#generation++;
        this.#brokenOff(receipt, error);
      }
    });
  }

  /** When everything has its answer. */
  idle(): Promise<void> {
    return this.#last;
  }

  /** The session is over. */
  broken(): void {
    this.#generation++;
  }

  async #post({ destination, headers, body }: SendFrame, receipt: string | undefined): Promise<void> {
    const { receipt: _, 'content-type': contentType = '', ...own } = headers;
    const query = new URLSearchParams({ destination, ...own, ...this.parts.credentials });
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    const timer = setTimeout(stop, this.parts.timeoutMs);
    this.life.addEventListener('abort', stop);
    try {
      const response = await this.parts.request(`/send?${query}`, {
        method: 'POST',
        body: body as BodyInit,
        headers: contentType ? { 'Content-Type': contentType } : {},
        credentials: 'include',
        signal: abort.signal,
      });
      if (response.ok) {
        const answer = response.status === 204 ? {} : await documentOf<Record<string, unknown>>(response, 'send');
        if (receipt !== undefined) this.listener.receipt(receipt, Object.fromEntries(Object.entries(answer).map(([k, v]) => [k, String(v)])));
        return;
      }
      const { reason, detail } = await problemOf(response);
      const away = response.status >= 500 || response.status === 408 || response.status === 429;
      // A node that leaves, or a proxy's own error: whether it was published, only the same id again can tell.
      if (away && !ANSWERS.has(reason ?? '')) throw new RealtimeError('disconnected', `HTTP ${response.status}`, reason);
      const denied = { event: 'denied', reason: reason ?? `HTTP ${response.status}`, message: detail ?? `HTTP ${response.status}` };
      this.listener.control(receipt === undefined ? denied : { ...denied, 'receipt-id': receipt }, '');
    } finally {
      clearTimeout(timer);
      this.life.removeEventListener('abort', stop);
    }
  }

  /** Whether it was published is unknown, whatever the answer was. */
  #brokenOff(receipt: string | undefined, cause?: unknown): void {
    const why = cause instanceof RealtimeError ? cause.message : 'The request broke off';
    if (receipt !== undefined) this.listener.error(new RealtimeError('disconnected', why, undefined, { cause }), receipt);
  }
}
