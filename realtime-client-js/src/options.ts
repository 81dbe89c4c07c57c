import type { BackoffPolicy } from './backoff.js';

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
  /** STOMP heartbeat in milliseconds, both ways; a socket silent for two of them is dead. Default 10,000; 0 is none. */
  readonly heartbeatMs?: number;
  /** Milliseconds to wait for CONNECTED, a receipt or an HTTP answer. Default 15,000. */
  readonly timeoutMs?: number;
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
  readonly heartbeatMs: number;
  readonly timeoutMs: number;
  readonly backoff: BackoffPolicy;
}

export function settingsOf(options: ConnectOptions): Settings {
  const webSocket = options.WebSocket ?? globalThis.WebSocket;
  if (!webSocket) throw new TypeError('No WebSocket here: pass the class of the ws package as option WebSocket');
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
    token: options.token,
    // Browsers refuse a fetch that is called as a method of another object.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    WebSocket: webSocket,
    heartbeatMs: options.heartbeatMs ?? 10_000,
    timeoutMs: options.timeoutMs ?? 15_000,
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
