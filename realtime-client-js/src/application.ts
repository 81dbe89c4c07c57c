/* Calls into application code: whatever it throws is reported, and the stream goes on. */

export function tell(call: () => void | Promise<void>, failed: (error: unknown) => void): void {
  try {
    const result: unknown = call();
    if (result instanceof Promise) result.catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** A promise of the application's that is never kept must not hold the client for ever. */
export function inTime<T>(promise: Promise<T>, ms: number, otherwise: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${otherwise} within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Runs the call with a signal that ends when the outer one does, or after so many milliseconds. */
export async function within<R>(ms: number, outer: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const timer = setTimeout(stop, ms);
  outer?.addEventListener('abort', stop);
  try {
    return await call(abort.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
    // What was not read of an answer is not wanted.
    stop();
  }
}

/** Gives the error to the application's own handler, or to the console where it has none. */
export function reportError(onError: ((error: unknown) => void) | undefined, error: unknown): void {
  if (!onError) return console.error('realtime:', error);
  try {
    onError(error);
  } catch (thrown) {
    console.error('realtime:', thrown);
  }
}
