package dev.realtime.spring.guide;

import java.util.Map;
import java.util.Set;

import org.springframework.stereotype.Component;

/** Who is a member of which room: your own table. */
@Component
class RoomMembers {

	private final Map<String, Set<String>> members = Map.of("42", Set.of("ann", "bob"), "43", Set.of("bob"));

	boolean isMember(String user, String room) {
		return this.members.getOrDefault(room, Set.of()).contains(user);
	}

}
