import { inTime } from './application.js';
import type { BackoffPolicy } from './backoff.js';
import {
  BOOLEAN, check, checkAll, FUNCTION, isObject, LINE, LINES, listOf, MAX_WAIT_MS, OBJECT, whole, type Check, type Checks,
} from './checks.js';
import { ALL_TRANSPORTS } from './transports.js';
import type { PositionStore, TransportName } from './types.js';

/** The browser's WebSocket, or the class of the `ws` package. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => { readonly readyState: number };

export interface ConnectOptions {
  /** `ws(s)://host/realtime`; by default that path on the page's host. */
  readonly url?: string | undefined;
  /** More nodes; each reconnect goes to the next of `url` and these. */
  readonly servers?: readonly string[] | undefined;
  /** Where backfill and presence are; by default the WebSocket URL with http(s). */
  readonly httpBase?: string | undefined;
  readonly login?: string | undefined;
  readonly passcode?: string | undefined;
  /** Asked before every CONNECT, renewal and HTTP request; sent as `Authorization: Bearer`. With `auth` it goes over HTTP alone. */
  readonly token?: (() => Promise<string>) | undefined;
  /**
   * `'ticket'`: before every CONNECT, renewal, stream, poll and POST a ticket is fetched from the service (`POST …/ticket`, with cookies and
   * what else HTTP requests carry) and used once, where a WebSocket or another port of the service sees neither cookies nor tokens.
   */
  readonly auth?: 'ticket' | undefined;
  readonly connectHeaders?: Readonly<Record<string, string>> | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly WebSocket?: WebSocketConstructor | undefined;
  /**
   * Whether the WebSocket cuts texts at their first NUL, as that of React Native does. Frames are then sent as bytes, and those
   * that come are completed. Default: whether this is React Native.
   */
  readonly reactNative?: boolean | undefined;
  /** Tried in turn while the network lets plain HTTP pass but not the one before. Default `['websocket', 'sse', 'poll']`. */
  readonly transports?: readonly TransportName[] | undefined;
  /** Where positions survive a reload, such as `localStorageStore()`. Default: nowhere. */
  readonly store?: PositionStore | undefined;
  /** How many messages of `send()` may be without an answer, 1 to 100,000. Default 1,000. */
  readonly maxPending?: number | undefined;
  /** STOMP heartbeat in milliseconds, both ways; a dead socket is noticed within 2.5 of them. Up to a day; default 4,000; 0 is none. */
  readonly heartbeatMs?: number | undefined;
  /** Milliseconds to wait for CONNECTED, a receipt or an HTTP answer, 1 to a day. Default 15,000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for a transport to open; doubled from try to try up to `timeoutMs`. 1 to a day; default 4,000. */
  readonly openMs?: number | undefined;
  readonly reconnect?: {
    /** Upper bound of the first delay, milliseconds, 1 to a day. Default 1,000. */
    readonly baseMs?: number | undefined;
    /** Upper bound of any delay, milliseconds; live for so long also starts the backoff anew. 1 to a day; default 30,000. */
    readonly capMs?: number | undefined;
    /** A number in [0, 1). Default `Math.random`. */
    readonly random?: (() => number) | undefined;
  } | undefined;
}

/** Options with every default filled in. */
export interface Settings {
  readonly urls: readonly [string, ...string[]];
  readonly httpBase: string | undefined;
  readonly connectHeaders: Readonly<Record<string, string>>;
  readonly token: (() => Promise<string>) | undefined;
  readonly auth: 'ticket' | undefined;
  readonly fetch: typeof fetch;
  readonly WebSocket: WebSocketConstructor;
  readonly reactNative: boolean;
  readonly transports: readonly TransportName[];
  readonly store: PositionStore | undefined;
  readonly maxPending: number;
  readonly heartbeatMs: number;
  readonly timeoutMs: number;
  readonly openMs: number;
  readonly backoff: BackoffPolicy;
}

const MS = whole(1, MAX_WAIT_MS);

const ADDRESS: Check = ['an address such as wss://host/realtime', isAddress];

const OPTIONS: Checks = {
  url: ADDRESS,
  servers: listOf(ADDRESS),
  httpBase: ['an address such as https://host/realtime', (value) => typeof value === 'string' && /^(https?:\/)?\/./i.test(value)],
  login: LINE,
  passcode: LINE,
  token: FUNCTION,
  auth: ["'ticket'", (value) => value === 'ticket'],
  connectHeaders: LINES,
  fetch: FUNCTION,
  WebSocket: FUNCTION,
  reactNative: BOOLEAN,
  transports: [
    `a list of some of ${ALL_TRANSPORTS.join(', ')}`,
    (value) => Array.isArray(value) && value.length > 0 && value.every((name) => ALL_TRANSPORTS.includes(name)),
  ],
  store: ['an object with load() and save()', (value) => isObject(value) && ['load', 'save'].every((name) => typeof value[name] === 'function')],
  maxPending: whole(1, 100_000),
  heartbeatMs: whole(0, MAX_WAIT_MS),
  timeoutMs: MS,
  openMs: MS,
  reconnect: OBJECT,
};

const RECONNECT: Checks = { baseMs: MS, capMs: MS, random: FUNCTION };

export function settingsOf(options: ConnectOptions): Settings {
  checkAll('The options of connect', options, OPTIONS);
  checkAll('Option reconnect', options.reconnect ?? {}, RECONNECT);
  const webSocket = options.WebSocket ?? globalThis.WebSocket;
  const { token, timeoutMs = 15_000 } = options;
  const transports = options.transports ?? ALL_TRANSPORTS;
  if (!webSocket && transports.includes('websocket')) throw new TypeError('This environment has no WebSocket: pass the class of the ws package as option WebSocket');
  const [first, ...more] = new Set([...(options.url ? [options.url] : []), ...(options.servers ?? [])]);
  const urls: Settings['urls'] = [first ?? defaultUrl(), ...more];
  return {
    urls,
    httpBase: options.httpBase?.replace(/\/+$/, ''),
    connectHeaders: {
      ...options.connectHeaders,
      ...(options.login !== undefined && { login: options.login }),
      ...(options.passcode !== undefined && { passcode: options.passcode }),
      realtime: '1',
    },
    token: token && (async () => {
      const given = await inTime((async () => token())(), timeoutMs, 'The function token returned no token');
      check('What the function token resolves with', given, LINE);
      return given;
    }),
    auth: options.auth,
    // Browsers refuse a fetch that is called as a method of another object.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    WebSocket: webSocket,
    reactNative: options.reactNative ?? globalThis.navigator?.product === 'ReactNative',
    transports,
    store: options.store,
    maxPending: options.maxPending ?? 1_000,
    heartbeatMs: options.heartbeatMs ?? 4_000,
    timeoutMs,
    openMs: options.openMs ?? 4_000,
    backoff: {
      baseMs: options.reconnect?.baseMs ?? 1_000,
      capMs: options.reconnect?.capMs ?? 30_000,
      random: options.reconnect?.random ?? Math.random,
    },
  };
}

function isAddress(value: unknown): boolean {
  try {
    return typeof value === 'string' && /^(ws|http)s?:$/.test(new URL(value).protocol);
  } catch {
    return false;
  }
}

/** `wss://host/realtime?x` becomes `https://host/realtime`. */
export function httpBaseOf(url: string): string {
  return url.replace(/^ws/i, 'http').replace(/[?#].*$/, '').replace(/\/+$/, '');
}

function defaultUrl(): string {
  if (!globalThis.location) throw new TypeError('There is no page to derive the address from: pass option url');
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/realtime`;
}
