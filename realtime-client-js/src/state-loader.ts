import { fullJitter, pause, type BackoffPolicy } from './backoff.js';
import { RealtimeHttpError } from './errors.js';
import { isRefusal, MAX_REFUSALS } from './verdict.js';
import type { Position } from './types.js';

export interface LoadedState {
  readonly state: unknown;
  /** What live continues after; undefined when the server does not say. */
  readonly position: Position | undefined;
}

export type LoadState = (signal: AbortSignal) => Promise<LoadedState>;

export interface StateListener {
  loaded(state: unknown, position: Position | undefined): void;
  failed(error: unknown): void;
}

/** A load so soon after the one before waits a while: a state that is always too old must not become a storm. */
const SOON_MS = 5_000;

/** Loads the state that a subscription continues from: before the first SUBSCRIBE, and again after every loss. */
export class StateLoader {
  #stale = true;
  #loadedAt = 0;
  /** Loads that followed soon after another. */
  #soon = 0;
  #run: AbortController | undefined;

  constructor(
    private readonly load: LoadState,
    private readonly backoff: BackoffPolicy,
    private readonly listener: StateListener,
  ) {}

  /** The state that the application has is not what live messages continue. */
  get stale(): boolean {
    return this.#stale;
  }

  /**
   * Calls `ready` when the state is there, and `refused` when it may never be there. After `abort` neither
   * is called.
   */
  prepare(ready: () => void, refused: () => void): void {
    if (this.#stale) void this.#begin(ready, refused);
    else ready();
  }

  /** Something was lost: load anew. One load at a time, the newest. */
  reload(): void {
    this.#stale = true;
    void this.#begin();
  }

  abort(): void {
    this.#run?.abort();
    this.#run = undefined;
  }

  async #begin(ready?: () => void, refused?: () => void): Promise<void> {
    this.abort();
    const run = (this.#run = new AbortController());
    this.#soon = Date.now() - this.#loadedAt < SOON_MS ? this.#soon + 1 : 0;
    if (this.#soon > 1) await pause(fullJitter(this.#soon - 2, this.backoff), run.signal);
    for (let failures = 0, refusals = 0; !run.signal.aborted; failures++) {
      try {
        const { state, position } = await this.load(run.signal);
        if (run.signal.aborted) return;
        this.#stale = false;
        this.#run = undefined;
        this.#loadedAt = Date.now();
        this.listener.loaded(state, position);
        return ready?.();
      } catch (error) {
        if (run.signal.aborted) return;
        const final = error instanceof RealtimeHttpError && error.verdict === 'final';
        if (final || failures === 0) this.listener.failed(error);
        if (final || (isRefusal(error) && ++refusals === MAX_REFUSALS)) refused?.();
        if (final) return;
      }
      await pause(fullJitter(failures, this.backoff), run.signal);
    }
  }
}
