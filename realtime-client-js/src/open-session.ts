import type { OpenSession } from './connection.js';
import { HttpSession } from './http-session.js';
import type { RealtimeHttp } from './http.js';
import type { Settings } from './options.js';
import type { Session, SessionListener } from './session.js';
import { StompSession } from './stomp-session.js';

type Target = Parameters<OpenSession>[1];

/** The one place that knows which class carries a transport. */
export function openSession(
  transport: Parameters<OpenSession>[0], { url, headers, attempt }: Target, settings: Settings, http: RealtimeHttp, listener: SessionListener,
): Session {
  const { timeoutMs, transports } = settings;
  // A slow network is no blocked one: each try is given longer, and where there is nothing else all the time there is.
  const openMs = transports.length > 1 ? Math.min(timeoutMs, settings.openMs * 2 ** attempt) : timeoutMs;
  if (transport === 'websocket') return new StompSession(url, headers, openMs, settings, listener);
  const { login, passcode } = headers;
  return new HttpSession({
    transport,
    openMs,
    heartbeatMs: settings.heartbeatMs,
    timeoutMs,
    request: http.sessionRequest.bind(http),
    greet: http.greet.bind(http),
    unread: http.unread.bind(http),
    credentials: { ...(login !== undefined && { login }), ...(passcode !== undefined && { passcode }) },
  }, listener);
}
