import { fullJitter, pause, type BackoffPolicy } from './backoff.js';
import { RealtimeHttpError } from './errors.js';
import type { WirePage } from './http.js';
import { isRefusal, MAX_REFUSALS } from './verdict.js';

const PAGE_SIZE = 500;

export interface Hole {
  readonly epoch: string;
  readonly after: number;
}

/** The stream whose hole is filled. */
export interface HoleOwner {
  readonly hole: Hole | undefined;
  /** Hands over the page and settles its range; tells whether the position moved. */
  fill(page: WirePage): boolean;
  /** Reports a gap up to `upTo` (default: the whole hole) and goes on behind it. */
  giveUp(hole: Hole, reason: string, upTo?: number): void;
  failed(error: unknown): void;
}

export type FetchPage = (hole: Hole & { readonly limit: number; readonly 'subscription-token'?: string | undefined }, signal: AbortSignal) => Promise<WirePage>;

/** Runs at most `most` calls at once; others wait for their turn. */
export function limited<A extends unknown[], R>(most: number, call: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (...args) => {
    if (running === most) await new Promise<void>((turn) => waiting.push(turn));
    else running++;
    try {
      return await call(...args);
    } finally {
      const turn = waiting.shift();
      if (turn) turn();
      else running--;
    }
  };
}

/** Fetches until there is no hole. A lost connection aborts it: the next subscribe asks for the same range. */
export async function backfill(
  owner: HoleOwner,
  fetchPage: FetchPage,
  policy: BackoffPolicy,
  signal: AbortSignal,
): Promise<void> {
  let [failures, refusals] = [0, 0];
  for (let hole = owner.hole; hole && !signal.aborted; hole = owner.hole) {
    try {
      const page = await fetchPage({ ...hole, limit: PAGE_SIZE }, signal);
      if (signal.aborted) return;
      if (page.epoch !== hole.epoch) {
        owner.giveUp(hole, 'epoch-changed');
        continue;
      }
      if (owner.fill(page)) {
        failures = refusals = 0;
        continue;
      }
      // A log that lags behind its own announcements (a replica): it will have the range soon.
    } catch (error) {
      if (signal.aborted) return;
      refusals = isRefusal(error) ? refusals + 1 : 0;
      const loss = lossOf(error, hole, refusals);
      if (loss ? loss.report : failures === 0) owner.failed(error);
      if (loss) {
        owner.giveUp(hole, loss.reason, loss.upTo);
        continue;
      }
    }
    await pause(fullJitter(failures++, policy), signal);
  }
}

interface Loss {
  readonly reason: string;
  readonly upTo?: number;
  readonly report: boolean;
}

/** What an answer says is lost for good, or undefined when asking again may help. */
export function lossOf(error: unknown, hole: Hole, refusals: number): Loss | undefined {
  if (!(error instanceof RealtimeHttpError)) return undefined;
  const { status, problem, verdict } = error;
  if (status === 410 && verdict === 'final') {
    const { first } = problem;
    // From `first` on the log still has it. A `first` that is not ahead of us contradicts the 410.
    const partly = problem.reason === 'expired' && first !== undefined && first - 1 > hole.after;
    return { reason: problem.reason ?? 'expired', ...(partly && { upTo: first - 1 }), report: false };
  }
  // A proxy may refuse what the service would not; but waiting on a refusal would hold the stream for ever.
  return verdict === 'final' || refusals >= MAX_REFUSALS ? { reason: 'unavailable', report: true } : undefined;
}
