import type { OpenSession } from './connection.js';
import type { RealtimeHttp } from './http.js';
import type { Settings } from './options.js';
import type { Session, SessionListener } from './session.js';
import { StompSession } from './stomp-session.js';

/** The one place that knows which class carries a transport. */
export function openSession(
  _transport: Parameters<OpenSession>[0],
  { url, headers, attempt }: Parameters<OpenSession>[1],
  settings: Settings,
  _http: RealtimeHttp,
  listener: SessionListener,
): Session {
  const openMs = settings.transports.length > 1 ? Math.min(settings.timeoutMs, settings.openMs * 2 ** attempt) : settings.timeoutMs;
  return new StompSession(url, headers, openMs, settings, listener);
}
