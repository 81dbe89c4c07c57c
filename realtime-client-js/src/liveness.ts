/** A probe on request, after a sign that the network may have changed: how long its answer may take, milliseconds. */
const PROBE_MS = 1_500;

/** A timer that is later than this waits for what else is due, milliseconds. */
const LATE_MS = 250;

export interface Suspect {
  /** Sends something that the server answers. */
  ask(): void;
  dead(cause: string): void;
}

/**
 * Notices a dead socket sooner than heartbeats do, whose interval is the larger of both sides' wishes: after some silence
 * it asks. With the default of 4 s it is over within 9.5 s; a server that sends heartbeats as often is never asked.
 */
export class Liveness {
  #heardAt = Date.now();
  #ticks: ReturnType<typeof setInterval> | undefined;
  #answer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly heartbeatMs: number, private readonly suspect: Suspect) {}

  start(): void {
    this.#heardAt = Date.now();
    if (this.heartbeatMs > 0) this.#ticks = setInterval(() => this.#tick(), this.heartbeatMs / 8);
  }

  stop(): void {
    clearInterval(this.#ticks);
    clearTimeout(this.#answer);
    this.#answer = undefined;
  }

  /** Anything that comes is a sign of life. */
  heard(): void {
    this.#heardAt = Date.now();
    if (this.#answer === undefined) return;
    clearTimeout(this.#answer);
    this.#answer = undefined;
  }

  probe(withinMs = PROBE_MS): void {
    clearTimeout(this.#answer);
    this.#expire(withinMs, true);
    this.suspect.ask();
  }

  /** After a pause of the whole page the answer may lie in the socket already, and is read after the timers that are due. */
  #expire(withinMs: number, patient: boolean): void {
    const due = Date.now() + withinMs;
    this.#answer = setTimeout(() => {
      if (patient && Date.now() - due > LATE_MS) this.#expire(LATE_MS, false);
      else this.suspect.dead('heartbeat lost');
    }, withinMs);
  }

  #tick(): void {
    const silent = Date.now() - this.#heardAt > this.heartbeatMs * 1.25;
    if (silent && this.#answer === undefined) this.probe(this.heartbeatMs);
  }
}
