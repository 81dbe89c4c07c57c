/**
 * Who is connected to the fleet, and what stops them: {@code RealtimeSessions} is for
 * applications. Imports the hub, the node, restrictions, and who a client is.
 * <p>
 * API: {@link dev.realtime.spring.sessions.RealtimeSessions},
 * {@link dev.realtime.spring.sessions.FoundSessions},
 * {@link dev.realtime.spring.sessions.SessionInfo},
 * {@link dev.realtime.spring.sessions.SessionQuery} and
 * {@link dev.realtime.spring.sessions.SessionsUnavailableException}.
 */
@NullMarked
package dev.realtime.spring.sessions;

import org.jspecify.annotations.NullMarked;
