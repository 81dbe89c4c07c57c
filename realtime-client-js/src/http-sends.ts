import { within } from './application.js';
import { documentOf } from './documents.js';
import { RealtimeError, RealtimeHttpError } from './errors.js';
import type { RealtimeHttp } from './http.js';
import type { SendFrame } from './send-frame.js';
import type { SessionListener } from './session.js';
import { isRefusal, MAX_REFUSALS } from './verdict.js';

/** Refusals of the message, which are no sign of trouble on the way. */
const ANSWERS = new Set(['publish-failed', 'publish-unknown', 'read-failed']);

/** SENDs as POSTs, one after the other: two requests under way may overtake each other. */
export class HttpSends {
  #last: Promise<void> = Promise.resolve();
  /** What was given before a failure fails with it, so that nothing overtakes what is repeated. */
  #generation = 0;
  /** In a row, of the message that is first. */
  #refusals = 0;

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
    try {
      const answer = await within(this.parts.timeoutMs, this.life, async (signal) => {
        const response = await this.parts.request(`/send?${query}`, {
          method: 'POST', body: body as BodyInit, headers: contentType ? { 'Content-Type': contentType } : {}, signal,
        });
        return response.status === 204 ? {} : documentOf<Record<string, unknown>>(response, 'send');
      });
      this.#refusals = 0;
      if (receipt !== undefined) this.listener.receipt(receipt, Object.fromEntries(Object.entries(answer).map(([k, v]) => [k, String(v)])));
    } catch (error) {
      this.#refusals = isRefusal(error) ? this.#refusals + 1 : 0;
      // A node that leaves, or a proxy's own error: whether it was published, only the same id again can tell.
      if (!(error instanceof RealtimeHttpError) || (error.verdict !== 'final' && !ANSWERS.has(error.reason ?? '') && this.#refusals < MAX_REFUSALS)) throw error;
      this.#refusals = 0;
      const { message, reason = message, problem } = error;
      const denied = { event: 'denied', reason, message: problem.detail ?? message };
      this.listener.control(receipt === undefined ? denied : { ...denied, 'receipt-id': receipt }, '');
    }
  }

  /** Whether it was published is unknown, whatever the answer was. */
  #brokenOff(receipt: string | undefined, cause?: unknown): void {
    const [why, reason, retryAfterMs] = cause instanceof RealtimeError ? [cause.message, cause.reason, cause.retryAfterMs] : ['The request ended before its answer arrived'];
    if (receipt !== undefined) this.listener.error(new RealtimeError('disconnected', why, reason, { cause }, retryAfterMs), receipt);
  }
}
