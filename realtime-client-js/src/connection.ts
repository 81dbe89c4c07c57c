import { fullJitter } from './backoff.js';
import { MAX_WAIT_MS } from './checks.js';
import { CloseCode, mayRetry, reconnectDelay, soonDelay } from './close-codes.js';
import { RealtimeError, RealtimeHttpError } from './errors.js';
import { endOf, type StreamEnd } from './http-stream.js';
import { httpBaseOf, type Settings } from './options.js';
import type { Receipts } from './receipts.js';
import type { Session, SessionListener } from './session.js';
import type { Transports } from './transports.js';
import type { ClientState, StateDetail, StateListener, TransportName } from './types.js';
import type { Wakeup } from './wakeups.js';

/** How long after a sign of a new network tries follow each other without backoff, milliseconds. */
const HURRY_MS = 5_000;
/** A try that is older than this when the network changes was made on the old one, milliseconds. */
const STALE_TRY_MS = 1_000;
/** Credentials that end sooner are not renewed again: a new connection brings new ones. */
const MIN_RENEWAL_MS = 1_000;
/** New credentials that the server could not check now. */
const UNCHECKED = 'credentials-unchecked';

export interface ConnectionListener extends Omit<SessionListener, 'connected' | 'ended'> {
  connected(session: Session): void;
  /** The connection is gone, before the state says so. `tooLarge` when a frame of that many characters or less broke a limit. */
  lost(error: RealtimeError, tooLarge?: number): void;
}

/** What opens a session over a transport. */
export type OpenSession = (
  transport: TransportName,
  target: { readonly url: string; readonly httpBase: string; readonly headers: Record<string, string>; readonly attempt: number },
  listener: SessionListener,
) => Session;

export interface ConnectionParts {
  readonly transports: Transports;
  readonly openSession: OpenSession;
  /** Whether plain HTTP passes where a transport did not, or ends at a login. */
  readonly httpAnswers: (base: string) => Promise<boolean | 'unauthorized'>;
  /** A ticket for one CONNECT. */
  readonly ticket: () => Promise<string>;
  readonly receipts: Receipts;
}

/** The state machine around sessions: at most one session and at most one timer for the next at any time. */
export class Connection {
  #state: ClientState = 'connecting';
  #session: Session | undefined;
  /** The server has said that we are connected, and we are not leaving. */
  #usable = false;
  #leaving = false;
  #attempt = 0;
  #liveSince: number | undefined;
  #server = 0;
  #openedAt = 0;
  #hurryUntil = 0;
  /** When the server said to come back, milliseconds since 1970. */
  #announced: number | undefined;
  /** The wait for the next try is what the server asked for: nothing shortens it. */
  #advised = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #leave: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #whenClosed: (() => void) | undefined;
  readonly #closed = new Promise<void>((resolve) => (this.#whenClosed = resolve));

  constructor(
    private readonly settings: Settings,
    private readonly parts: ConnectionParts,
    private readonly listener: ConnectionListener,
    private readonly onState: StateListener,
  ) {}

  get state(): ClientState {
    return this.#state;
  }

  get session(): Session | undefined {
    return this.#usable ? this.#session : undefined;
  }

  /** Since when it is live, milliseconds since 1970. */
  get liveSince(): number | undefined {
    return this.#state === 'live' ? this.#liveSince : undefined;
  }

  get transport(): TransportName {
    return this.#session?.transport ?? this.parts.transports.present;
  }

  get httpBase(): string {
    return this.settings.httpBase ?? httpBaseOf(this.#url);
  }

  get #url(): string {
    return this.settings.urls[this.#server % this.settings.urls.length] ?? this.settings.urls[0];
  }

  async open(): Promise<void> {
    this.#retry = undefined;
    this.#openedAt = Date.now();
    if (this.#state !== 'connecting') this.#change('connecting');
    try {
      const headers = await this.#credentials();
      const transport = this.parts.transports.next();
      if (this.settings.auth && transport === 'websocket') headers['ticket'] = await this.parts.ticket();
      if (this.#state !== 'connecting') return; // Closed while the credentials were fetched.
      const target = { url: this.#url, httpBase: this.httpBase, headers, attempt: this.#attempt };
      this.#session = this.parts.openSession(transport, target, {
        ...this.listener,
        connected: () => this.#onConnected(),
        ended: (code, reason, retryAfterMs) => this.#onEnded(code, reason, retryAfterMs),
      });
    } catch (error) {
      if (this.#state !== 'connecting') return;
      const { code, reason, retryAfterMs } = error instanceof RealtimeHttpError ? endOf(error) : { code: CloseCode.ABNORMAL, reason: String(error) } as StreamEnd;
      this.#onEnded(code, reason, retryAfterMs);
    }
  }

  /** Every subscription is confirmed. */
  settled(): void {
    if (this.#state !== 'recovering') return;
    this.#liveSince = Date.now();
    if (this.#session?.proven) this.parts.transports.worked(this.#session.transport);
    this.#change('live');
  }

  /** Tells the listeners something while the state stays. */
  note(detail: StateDetail): void {
    this.onState(this.#state, detail);
  }

  /** The device says that things may have changed: look at once, but never with a second connection beside the first. */
  wake(wakeup: Wakeup): void {
    if (this.#state === 'closed' || wakeup === 'hidden') return;
    const networkChanged = wakeup !== 'visible';
    if (wakeup !== 'offline') this.#hurryUntil = Date.now() + HURRY_MS;
    if (this.#usable) return this.#session?.probe(networkChanged);
    if (wakeup === 'offline') return;
    if (this.#retry !== undefined) {
      if (this.#advised) return;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => void this.open(), this.#soon());
    } else if (networkChanged && Date.now() - this.#openedAt > STALE_TRY_MS) {
      this.#session?.cut('the network changed');
    }
  }

  /** The server asked us to move: stay until then, since it still serves us, then change over without a pause. */
  leaveAfter(ms: number | undefined, reason: string): void {
    if (!this.#usable || this.#leave !== undefined) return;
    const delay = bounded(ms ?? fullJitter(this.#attempt, this.settings.backoff));
    this.#announced = Date.now() + delay;
    this.#leave = setTimeout(() => {
      this.#usable = false;
      this.#leaving = true;
      this.#session?.leave();
    }, delay);
    this.note({ reason, retryInMs: delay });
  }

  /**
   * The credentials end: sends new ones in the second quarter of the time that is left, so that clients do not ask for theirs at
   * once. Moves to a new connection where this one cannot take them.
   */
  renew(inMs = 0): void {
    const session = this.session;
    if (!session || this.#leave !== undefined) return;
    if (session.transport !== 'websocket') return this.leaveAfter(undefined, 'expiring');
    const end = Date.now() + inMs;
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => void this.#renew(session, end), bounded(inMs * (1 + this.settings.backoff.random()) / 4));
  }

  async #renew(session: Session, end: number): Promise<void> {
    const again = () => {
      if (this.session === session && end - Date.now() > MIN_RENEWAL_MS) this.renew(end - Date.now());
    };
    try {
      const headers = await this.#credentials();
      if (this.settings.auth) headers['ticket'] = await this.parts.ticket();
      if (this.session !== session) return;
      const receipt = this.parts.receipts.expect({
        received: () => undefined,
        failed: ({ reason }) => {
          if (reason === UNCHECKED) again();
          else if (this.session === session) this.leaveAfter(undefined, 'expiring');
        },
      });
      this.parts.receipts.sending(receipt);
      session.send({ destination: '/realtime/auth', headers: { ...headers, receipt }, body: '' });
    } catch {
      again(); // The old ones are still good for a while.
    }
  }

  async #credentials(): Promise<Record<string, string>> {
    const headers: Record<string, string> = { ...this.settings.connectHeaders };
    // A ticket stands for the token, which HTTP alone gets then.
    if (this.settings.token && !this.settings.auth) headers['Authorization'] = `Bearer ${await this.settings.token()}`;
    return headers;
  }

  /** Something is wrong with this connection though the socket is open. */
  fail(reason: string): void {
    this.#session?.cut(reason);
  }

  close(detail?: StateDetail): Promise<void> {
    if (this.#state !== 'closed') {
      clearTimeout(this.#retry);
      clearTimeout(this.#leave);
      clearTimeout(this.#renewal);
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

  #onEnded(code: number, reason: string, retryAfterMs?: number): void {
    const session = this.#session;
    this.#session = undefined;
    if (this.#state === 'closed') return this.#whenClosed?.();
    // All that were turned away were told the same.
    if (retryAfterMs !== undefined) this.#announced = Date.now() + bounded(retryAfterMs) + fullJitter(this.#attempt, this.settings.backoff);
    const delay = this.#delayAfter(code);
    const base = this.httpBase;
    const moving = this.#leaving;
    clearTimeout(this.#leave);
    clearTimeout(this.#renewal);
    this.#advised = this.#announced !== undefined;
    this.#leave = this.#announced = this.#liveSince = undefined;
    this.#usable = this.#leaving = false;
    this.#server++;
    this.#attempt++;
    if (delay === undefined) return void this.close({ code, reason });
    if (session && !session.proven) void this.#doubt(session.transport, base, Date.now() - this.#openedAt);
    const tooLarge = code === CloseCode.TOO_LARGE ? session?.largest : undefined;
    this.listener.lost(new RealtimeError('disconnected', `The connection was lost (${code})`, reason), tooLarge);
    this.#retry = setTimeout(() => void this.open(), delay);
    this.#change('offline', { code, reason: reason || (moving ? 'moving' : ''), retryInMs: delay });
  }

  /** A server that is away lets nothing pass; a network that blocks a transport lets plain HTTP pass. */
  async #doubt(transport: TransportName, base: string, tookMs: number): Promise<void> {
    const silent = tookMs >= this.settings.openMs * 0.9;
    const { transports, httpAnswers } = this.parts;
    if (!transports.hasOthers) return;
    const answers = await httpAnswers(base);
    if (answers === true) return transports.blocked(transport, silent);
    transports.away(transport);
    // Over HTTP the end of the session has said so itself.
    if (answers && transport === 'websocket' && this.#state !== 'closed' && !this.#usable) this.note({ reason: answers });
  }

  #delayAfter(code: number): number | undefined {
    const { backoff } = this.settings;
    const wasLive = this.#liveSince !== undefined;
    if (this.#liveSince !== undefined && Date.now() - this.#liveSince >= backoff.capMs) this.#attempt = 0;
    // We waited before we left; only a fleet that sends us round in circles makes us slow down.
    if (this.#leaving && mayRetry(code)) return this.#attempt === 0 ? 0 : fullJitter(this.#attempt, backoff);
    const announcedMs = this.#announced === undefined ? undefined : bounded(this.#announced - Date.now());
    const delay = reconnectDelay({ code, attempt: this.#attempt, wasLive, announcedMs }, backoff);
    const hurried = delay !== undefined && announcedMs === undefined && Date.now() < this.#hurryUntil;
    return hurried ? Math.min(delay, this.#soon()) : delay;
  }

  #soon(): number {
    return soonDelay(Date.now() - this.#openedAt, this.settings.backoff);
  }

  #change(state: ClientState, detail?: StateDetail): void {
    this.#state = state;
    this.onState(state, detail);
  }
}

/** A delay that the server asks for, as far as a timer can wait. */
function bounded(ms: number): number {
  return Math.min(Math.max(0, ms), MAX_WAIT_MS);
}
