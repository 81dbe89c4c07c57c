import { fullJitter } from './backoff.js';
import { CloseCode, mayRetry, reconnectDelay } from './close-codes.js';
import { RealtimeError } from './errors.js';
import { httpBaseOf, type Settings } from './options.js';
import { Session, type SessionListener } from './session.js';
import type { ClientState, StateDetail, StateListener } from './types.js';

export interface ConnectionListener extends Omit<SessionListener, 'connected' | 'ended'> {
  connected(session: Session): void;
  /** The connection is gone, before the state says so. */
  lost(error: RealtimeError): void;
}

/** The state machine around sessions: at most one session and at most one timer for the next at any time. */
export class Connection {
  #state: ClientState = 'connecting';
  #session: Session | undefined;
  /** CONNECTED has come and we are not leaving. */
  #usable = false;
  #leaving = false;
  #attempt = 0;
  #liveSince: number | undefined;
  #server = 0;
  /** When the server said to come back, milliseconds since 1970. */
  #announced: number | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #leave: ReturnType<typeof setTimeout> | undefined;
  #whenClosed: (() => void) | undefined;
  readonly #closed = new Promise<void>((resolve) => (this.#whenClosed = resolve));

  constructor(
    private readonly settings: Settings,
    private readonly listener: ConnectionListener,
    private readonly onState: StateListener,
  ) {}

  get state(): ClientState {
    return this.#state;
  }

  get session(): Session | undefined {
    return this.#usable ? this.#session : undefined;
  }

  get httpBase(): string {
    return this.settings.httpBase ?? httpBaseOf(this.#url);
  }

  get #url(): string {
    return this.settings.urls[this.#server % this.settings.urls.length] ?? this.settings.urls[0];
  }

  async open(): Promise<void> {
    if (this.#state !== 'connecting') this.#change('connecting');
    try {
      const headers: Record<string, string> = { ...this.settings.connectHeaders };
      if (this.settings.token) headers['Authorization'] = `Bearer ${await this.settings.token()}`;
      if (this.#state !== 'connecting') return; // Closed while the token was fetched.
      this.#session = new Session(this.#url, headers, this.settings, {
        ...this.listener,
        connected: () => this.#onConnected(),
        ended: (code, reason) => this.#onEnded(code, reason),
      });
    } catch (error) {
      if (this.#state === 'connecting') this.#onEnded(CloseCode.ABNORMAL, String(error));
    }
  }

  /** Every subscription is confirmed. */
  settled(): void {
    if (this.#state !== 'recovering') return;
    this.#liveSince = Date.now();
    this.#change('live');
  }

  /** Tells the listeners something while the state stays. */
  note(detail: StateDetail): void {
    this.onState(this.#state, detail);
  }

  /** The server asked us to move: stay until then, since it still serves us, then change over without a pause. */
  leaveAfter(ms: number | undefined, reason: string): void {
    if (!this.#usable || this.#leave !== undefined) return;
    const delay = Math.max(0, ms ?? fullJitter(this.#attempt, this.settings.backoff));
    this.#announced = Date.now() + delay;
    this.#leave = setTimeout(() => {
      this.#usable = false;
      this.#leaving = true;
      this.#session?.leave();
    }, delay);
    this.note({ reason, retryInMs: delay });
  }

  /** Something is wrong with this connection though the socket is open. */
  fail(reason: string): void {
    this.#session?.cut(reason);
  }

  close(detail?: StateDetail): Promise<void> {
    if (this.#state !== 'closed') {
      clearTimeout(this.#retry);
      clearTimeout(this.#leave);
      this.#usable = false;
      this.listener.lost(new RealtimeError('closed', 'The client is closed', detail?.reason));
      this.#change('closed', detail);
      if (this.#session) this.#session.leave();
      else this.#whenClosed?.();
    }
    return this.#closed;
  }

  #onConnected(): void {
    if (this.#state === 'closed') return;
    this.#usable = true;
    this.#change('recovering');
    if (this.session) this.listener.connected(this.session);
  }

  #onEnded(code: number, reason: string): void {
    this.#session = undefined;
    if (this.#state === 'closed') return this.#whenClosed?.();
    const delay = this.#delayAfter(code);
    const moving = this.#leaving;
    clearTimeout(this.#leave);
    this.#leave = this.#announced = this.#liveSince = undefined;
    this.#usable = this.#leaving = false;
    this.#server++;
    this.#attempt++;
    if (delay === undefined) return void this.close({ code, reason });
    this.listener.lost(new RealtimeError('disconnected', `The connection was lost (${code})`, reason));
    this.#retry = setTimeout(() => void this.open(), delay);
    this.#change('offline', { code, reason: reason || (moving ? 'moving' : ''), retryInMs: delay });
  }

  #delayAfter(code: number): number | undefined {
    const { backoff } = this.settings;
    const wasLive = this.#liveSince !== undefined;
    if (this.#liveSince !== undefined && Date.now() - this.#liveSince >= backoff.capMs) this.#attempt = 0;
    // We waited before we left; only a fleet that sends us round in circles makes us slow down.
    if (this.#leaving && mayRetry(code)) return this.#attempt === 0 ? 0 : fullJitter(this.#attempt, backoff);
    const announcedMs = this.#announced === undefined ? undefined : Math.max(0, this.#announced - Date.now());
    return reconnectDelay({ code, attempt: this.#attempt, wasLive, announcedMs }, backoff);
  }

  #change(state: ClientState, detail?: StateDetail): void {
    this.#state = state;
    this.onState(state, detail);
  }
}
