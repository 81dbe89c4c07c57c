import { reportError } from './application.js';
import { isPosition } from './checks.js';
import type { Position, PositionStore } from './types.js';

const SAVE_EVERY_MS = 500;

/** The oldest are forgotten: a device does not collect topics for ever. */
const MAX_POSITIONS = 500;

/** Writes what `collect` gives to the store, at most twice a second, and at once when the page goes. */
export class Positions {
  readonly #known: Map<string, Position>;
  /** What was subscribed here; other tabs keep theirs in the same store. */
  readonly #own = new Map<string, Position>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: PositionStore | undefined,
    private readonly collect: () => Iterable<readonly [destination: string, position: Position]>,
  ) {
    this.#known = this.#load();
  }

  get(destination: string): Position | undefined {
    return this.#own.get(destination) ?? this.#known.get(destination);
  }

  moved(): void {
    if (this.store) this.#timer ??= setTimeout(() => this.save(), SAVE_EVERY_MS);
  }

  save(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [destination, position] of this.collect()) {
      this.#own.delete(destination);
      this.#own.set(destination, position);
    }
    const all = this.#load();
    for (const [destination, position] of this.#own) {
      all.delete(destination);
      all.set(destination, position);
    }
    for (const oldest of [...all.keys()].slice(0, Math.max(0, all.size - MAX_POSITIONS))) {
      all.delete(oldest);
      this.#own.delete(oldest);
    }
    try {
      this.store?.save(Object.fromEntries(all));
    } catch (error) {
      reportError(undefined, error);
    }
  }

  #load(): Map<string, Position> {
    try {
      return new Map(Object.entries(this.store?.load() ?? {}).filter(([, position]) => isPosition(position)));
    } catch (error) {
      reportError(undefined, error);
      return new Map();
    }
  }
}

/** Keeps positions in the browser's localStorage; where there is none, nothing is kept. */
export function localStorageStore(key = 'realtime.positions'): PositionStore {
  return {
    load() {
      try {
        return JSON.parse(globalThis.localStorage?.getItem(key) ?? '{}') as Record<string, Position>;
      } catch {
        return {}; // Storage is forbidden here, or somebody else's.
      }
    },
    save(positions) {
      try {
        // Another tab keeps its topics under the same key.
        const merged = Object.entries({ ...this.load(), ...positions }).slice(-2 * MAX_POSITIONS);
        globalThis.localStorage?.setItem(key, JSON.stringify(Object.fromEntries(merged)));
      } catch {
        // Full or forbidden: a reload then starts as if for the first time.
      }
    },
  };
}
