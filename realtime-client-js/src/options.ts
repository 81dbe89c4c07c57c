import { inTime } from './application.js';
import type { BackoffPolicy } from './backoff.js';
import { ALL_TRANSPORTS } from './transports.js';
import type { PositionStore, TransportName } from './types.js';

/** The browser's WebSocket, or the class of the `ws` package. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => { readonly readyState: number };

export interface ConnectOptions {
  /** `ws(s)://host/realtime`; by default that path on the page's host. */
  readonly url?: string;
  /** More nodes; each reconnect goes to the next of `url` and these. */
  readonly servers?: readonly string[];
  /** Where backfill and presence are; by default the WebSocket URL with http(s). */
  readonly httpBase?: string;
  readonly login?: string;
  readonly passcode?: string;
  /** Asked before every CONNECT and HTTP request; sent as `Authorization: Bearer`. */
  readonly token?: () => Promise<string>;
  readonly connectHeaders?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  readonly WebSocket?: WebSocketConstructor;
  /** Tried in turn while the network lets plain HTTP pass but not the one before. Default `['websocket', 'sse', 'poll']`. */
  readonly transports?: readonly TransportName[];
  /** Where positions survive a reload, such as `localStorageStore()`. Default: nowhere. */
  readonly store?: PositionStore;
  /** How many messages of `send()` may be without an answer. Default 1,000. */
  readonly maxPending?: number;
  /** STOMP heartbeat in milliseconds, both ways; a dead socket is noticed within 2.5 of them. Default 4,000; 0 is none. */
  readonly heartbeatMs?: number;
  /** Milliseconds to wait for CONNECTED, a receipt or an HTTP answer. Default 15,000. */
  readonly timeoutMs?: number;
  /** Milliseconds for a transport to open; doubled from try to try up to `timeoutMs`. Default 4,000. */
  readonly openMs?: number;
  readonly reconnect?: {
    /** Upper bound of the first delay, milliseconds. Default 1,000. */
    readonly baseMs?: number;
    /** Upper bound of any delay, milliseconds; live for so long also starts the backoff anew. Default 30,000. */
    readonly capMs?: number;
    /** A number in [0, 1). Default `Math.random`. */
    readonly random?: () => number;
  };
}

/** Options with every default filled in. */
export interface Settings {
  readonly urls: readonly [string, ...string[]];
  readonly httpBase: string | undefined;
  readonly connectHeaders: Readonly<Record<string, string>>;
  readonly token: (() => Promise<string>) | undefined;
  readonly fetch: typeof fetch;
  readonly WebSocket: WebSocketConstructor;
  readonly transports: readonly TransportName[];
  readonly store: PositionStore | undefined;
  readonly maxPending: number;
  readonly heartbeatMs: number;
  readonly timeoutMs: number;
  readonly openMs: number;
  readonly backoff: BackoffPolicy;
}

export function settingsOf(options: ConnectOptions): Settings {
  const webSocket = options.WebSocket ?? globalThis.WebSocket;
  const { token, timeoutMs = 15_000 } = options;
  const transports = options.transports ?? ALL_TRANSPORTS;
  const unknown = transports.find((name) => !ALL_TRANSPORTS.includes(name));
  if (transports.length === 0) throw new TypeError('Option transports is empty');
  if (unknown !== undefined) throw new TypeError(`Unknown transport "${unknown}": there are ${ALL_TRANSPORTS.join(', ')}`);
  if (!webSocket && transports.includes('websocket')) throw new TypeError('No WebSocket here: pass the class of the ws package as option WebSocket');
  const [first, ...more] = new Set([...(options.url ? [options.url] : []), ...(options.servers ?? [])]);
  const urls: Settings['urls'] = [first ?? defaultUrl(), ...more];
  for (const url of urls) new URL(url); // Throws: a mistyped address is no reason to retry.
  return {
    urls,
    httpBase: options.httpBase?.replace(/\/+$/, ''),
    connectHeaders: {
      ...options.connectHeaders,
      ...(options.login !== undefined && { login: options.login }),
      ...(options.passcode !== undefined && { passcode: options.passcode }),
      realtime: '1',
    },
    token: token && (() => inTime(token(), timeoutMs, 'No token')),
    // Browsers refuse a fetch that is called as a method of another object.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    WebSocket: webSocket,
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

/** `wss://host/realtime?x` becomes `https://host/realtime`. */
export function httpBaseOf(url: string): string {
  return url.replace(/^ws/i, 'http').replace(/[?#].*$/, '').replace(/\/+$/, '');
}

function defaultUrl(): string {
  if (!globalThis.location) throw new TypeError('No page to derive the address from: pass option url');
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/realtime`;
}
