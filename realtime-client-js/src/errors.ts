/**
 * - `denied`: the server refused it and says why
 * - `protocol`: the server answered with an ERROR frame
 * - `timeout`: no answer in time
 * - `disconnected`: the connection broke before the answer, or there was none and too much waits already
 * - `closed`: the client was closed
 * - `payload`: a message's JSON cannot be parsed
 * - `document`: an HTTP answer is not the document that was asked for, such as a proxy's page
 * - `overflow`: a reader was too slow for messages that nobody keeps
 * - `http`: see `RealtimeHttpError`
 */
export type ErrorKind = 'denied' | 'protocol' | 'timeout' | 'disconnected' | 'closed' | 'payload' | 'document' | 'overflow' | 'http';

/** The server's reason where a client does something more often than it may. */
export const RATE_LIMITED = 'rate-limited';

export class RealtimeError extends Error {
  override readonly name: string = 'RealtimeError';

  constructor(
    readonly kind: ErrorKind,
    message: string,
    /** The server's short reason, such as `forbidden`. */
    readonly reason?: string,
    options?: ErrorOptions,
    /** After how many milliseconds the same may be tried again, where the server says so. */
    readonly retryAfterMs?: number,
  ) {
    super(message, options);
  }
}

/** The problem document of a refused HTTP request; `first` and `latest` bound what the log still has. */
export interface Problem {
  readonly reason?: string;
  /** The server's sentence. */
  readonly detail?: string;
  readonly epoch?: string;
  readonly first?: number;
  readonly latest?: number;
}

/**
 * - `final`: the service itself refuses it, and says why; the same request has the same answer
 * - `unauthorized`: there is no login, the token is no longer good, or the answer is the page of a login
 * - `retry`: anything else, such as a proxy's error page; the same request may succeed later
 */
export type Verdict = 'final' | 'unauthorized' | 'retry';

export class RealtimeHttpError extends RealtimeError {
  override readonly name = 'RealtimeHttpError';

  constructor(
    readonly status: number,
    readonly problem: Problem,
    readonly verdict: Verdict,
    retryAfterMs?: number,
  ) {
    const reason = problem.reason ?? (verdict === 'unauthorized' ? verdict : undefined);
    super('http', `HTTP ${status}${reason ? ` (${reason})` : ''}`, reason, undefined, retryAfterMs);
  }
}
