/**
 * The heartbeats that we promised: as often as both sides can and want, by CONNECTED. Those of the server need no timer here:
 * `Liveness` asks a server that is silent, however seldom it has promised to speak.
 */
export class Heartbeats {
  #timer: ReturnType<typeof setInterval> | undefined;
  #beatAt = Date.now();

  constructor(private readonly everyMs: number, private readonly send: () => void) {}

  /** Starts with the header `heart-beat` of CONNECTED. False if it is none. */
  start(header = '0,0'): boolean {
    const [, , wanted] = /^(\d{1,9}),(\d{1,9})$/.exec(header) ?? [];
    if (wanted === undefined) return false;
    if (this.everyMs > 0 && Number(wanted) > 0) this.#timer = setInterval(() => this.#beat(), Math.max(this.everyMs, Number(wanted)));
    return true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** In a hidden page timers are throttled to one a minute, and heartbeats with them: what arrives is not, and takes their place. */
  heard(): void {
    if (globalThis.document?.visibilityState === 'hidden' && this.everyMs > 0 && Date.now() - this.#beatAt >= this.everyMs) this.#beat();
  }

  #beat(): void {
    this.#beatAt = Date.now();
    this.send();
  }
}
