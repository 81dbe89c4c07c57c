/* Which transport to try: pure but for the memory, which a page reload survives. */
import type { TransportName } from './types.js';

export const ALL_TRANSPORTS: readonly TransportName[] = ['websocket', 'sse', 'poll'];

/** A fallback is kept so long; then the first transport gets another chance at the next reconnect. */
const FALLBACK_MS = 10 * 60_000;

/** How often the network must have let plain HTTP pass and not the transport. One that worked is given more tries. */
const TRIES = 2;
const TRIES_IF_IT_WORKED = 4;

export interface TransportMemory {
  read(): { readonly name: TransportName; readonly until: number } | undefined;
  write(kept: { readonly name: TransportName; readonly until: number } | undefined): void;
}

export class Transports {
  readonly #worked = new Set<TransportName>();
  #index = 0;
  #failures = 0;
  #until = 0;
  /** Failures of a fallback in a row while plain HTTP did not answer either. */
  #away = 0;

  constructor(
    private readonly names: readonly TransportName[],
    private readonly memory: TransportMemory,
    private readonly now: () => number = Date.now,
  ) {
    const kept = memory.read();
    const index = kept ? names.indexOf(kept.name) : -1;
    if (kept && index > 0 && kept.until > now()) [this.#index, this.#until] = [index, kept.until];
  }

  get present(): TransportName {
    return this.names[this.#index] ?? 'websocket';
  }

  get hasOthers(): boolean {
    return this.names.length > 1;
  }

  /** For the next try. */
  next(): TransportName {
    if (this.#index > 0 && this.now() > this.#until) [this.#index, this.#failures] = [0, TRIES - 1];
    return this.present;
  }

  worked(name: TransportName): void {
    if (name !== this.present) return;
    this.#failures = this.#away = 0;
    this.#worked.add(name);
    if (this.#index === 0) return this.memory.write(undefined);
    if (this.now() > this.#until) this.#until = this.now() + FALLBACK_MS;
    this.memory.write({ name, until: this.#until });
  }

  /** Neither it nor plain HTTP got through: a server that is away, or one that serves no fallbacks any more. */
  away(name: TransportName): void {
    if (name !== this.present || this.#index === 0 || ++this.#away < TRIES_IF_IT_WORKED) return;
    [this.#index, this.#failures, this.#away] = [0, TRIES - 1, 0];
  }

  /** It never got through although plain HTTP does. Silence counts twice: it takes long. */
  blocked(name: TransportName, silent: boolean): void {
    if (name !== this.present) return;
    this.#failures += silent ? 2 : 1;
    if (this.#failures < (this.#worked.has(name) ? TRIES_IF_IT_WORKED : TRIES)) return;
    this.#index = (this.#index + 1) % this.names.length;
    this.#failures = 0;
    this.#until = this.now() + FALLBACK_MS;
  }
}

/** The session storage of this tab, or nothing where there is none. */
export function sessionMemory(url: string): TransportMemory {
  const key = `realtime.transport ${url}`;
  return {
    read() {
      try {
        return JSON.parse(globalThis.sessionStorage?.getItem(key) ?? 'null') ?? undefined;
      } catch {
        return undefined;
      }
    },
    write(kept) {
      try {
        if (kept) globalThis.sessionStorage?.setItem(key, JSON.stringify(kept));
        else globalThis.sessionStorage?.removeItem(key);
      } catch {
        // Forbidden here: then each page finds out by itself.
      }
    },
  };
}
