export interface BackoffPolicy {
  /** Milliseconds. */
  readonly baseMs: number;
  /** Milliseconds. */
  readonly capMs: number;
  readonly random: () => number;
}

/** Exponential backoff with full jitter: anywhere from 0 to the bound, so that many clients do not return as one. */
export function fullJitter(attempt: number, policy: BackoffPolicy): number {
  const part = policy.random();
  return (part >= 0 && part < 1 ? part : 1) * Math.min(policy.capMs, policy.baseMs * 2 ** attempt);
}

/** Resolves after the delay, or at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
