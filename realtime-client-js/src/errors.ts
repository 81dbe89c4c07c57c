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

export class RealtimeError extends Error {
  override readonly name: string = 'RealtimeError';

  constructor(
    readonly kind: ErrorKind,
    message: string,
    /** The server's short reason, such as `forbidden`. */
    readonly reason?: string,
    options?: ErrorOptions,
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

export class RealtimeHttpError extends RealtimeError {
  override readonly name = 'RealtimeHttpError';

  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super('http', `HTTP ${status}${problem.reason ? ` (${problem.reason})` : ''}`, problem.reason);
  }
}
