package dev.realtime.spring.sessions;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A session of some node.
 *
 * @param id the session's id, as {@link RealtimeSessions#disconnectSession} takes it
 * @param node the id of its node
 * @param user the user's name, or null if there is none
 * @param address the client's address, or null if it is not known
 * @param connectedAt when its CONNECT was let in, by the clock of its node
 */
public record SessionInfo(String id, String node, @Nullable String user, @Nullable String address,
		Instant connectedAt) {
}
