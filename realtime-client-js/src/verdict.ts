/* What an HTTP answer means, decided in one place for all requests: a proxy or a login page may answer instead of the service. */
import { isObject } from './checks.js';
import { jsonOf, textOf } from './documents.js';
import { RealtimeHttpError, type Problem, type Verdict } from './errors.js';

/** Refusals that do not come from the service itself are taken for an answer after so many in a row. */
export const MAX_REFUSALS = 6;

/** Statuses of what passes by itself. */
const PASSING = new Set([408, 425, 429]);

/** Returns the answer if it is to be read; throws a `RealtimeHttpError` with the verdict otherwise. */
export async function accepted(response: Response): Promise<Response> {
  const { ok, status, redirected, headers } = response;
  const type = headers.get('Content-Type') ?? '';
  const login = ok && redirected && type.startsWith('text/html');
  if (ok && !login) return response;
  const value = login ? undefined : await textOf(response).then(jsonOf, () => undefined);
  const problem = isObject(value) ? problemOf(value) : {};
  const seconds = Number(headers.get('Retry-After') ?? NaN);
  const verdict = login ? 'unauthorized' : verdictOf(status, type, problem);
  throw new RealtimeHttpError(status, problem, verdict, Number.isFinite(seconds) ? seconds * 1_000 : undefined);
}

/** Whether the request was refused, rightly or by something that stands before the service; not by a state that passes. */
export function isRefusal(error: unknown): error is RealtimeHttpError {
  return error instanceof RealtimeHttpError && error.status < 500 && !PASSING.has(error.status);
}

function verdictOf(status: number, type: string, problem: Problem): Verdict {
  const { detail, reason } = problem;
  // The engine's own documents have a sentence, and never the instance that Spring MVC's have.
  const own = type.startsWith('application/problem+json') && detail !== undefined && !('instance' in problem);
  // A new token may help, unless the service says what is wrong with this one.
  if (status === 401 && (!own || !reason || reason === 'credentials expired')) return 'unauthorized';
  // A proxy's bound is as firm as the service's.
  return (own && status < 500 && !PASSING.has(status)) || status === 413 ? 'final' : 'retry';
}

/** Of a document of another kind nothing: the status must do. */
function problemOf(value: Record<string, unknown>): Problem {
  const right = ([name, one]: [string, unknown]): boolean => typeof one === (name === 'first' || name === 'latest' ? 'number' : 'string');
  return Object.fromEntries(Object.entries(value).filter(right)) as Problem;
}
