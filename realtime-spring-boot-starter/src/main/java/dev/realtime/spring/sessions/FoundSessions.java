package dev.realtime.spring.sessions;

import java.util.List;
import java.util.Set;

/**
 * What a query has found.
 *
 * @param sessions in no order
 * @param more whether there are more than were asked for
 * @param nodes the nodes that have answered; one that is not among them is away, or was
 * too slow
 */
public record FoundSessions(List<SessionInfo> sessions, boolean more, Set<String> nodes) {

	public FoundSessions {
		sessions = List.copyOf(sessions);
		nodes = Set.copyOf(nodes);
	}

}
