package dev.realtime.simulation;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceTopics;

/**
 * The checker of rule 6: who is a member is who is there, and the joins and leaves of
 * each user were published in turn.
 */
final class Attendance {

	private final Fleet fleet;

	/** Users who may come and go all the time: those who are stuck. */
	private final Set<String> excepted;

	Attendance(Fleet fleet, Set<String> excepted) {
		this.fleet = fleet;
		this.excepted = excepted;
	}

	/** Whether the members of all topics are those who are there. */
	boolean isRight() {
		return this.fleet.topics.stream().allMatch((topic) -> members(topic).equals(present(topic)));
	}

	/** At the end. */
	void check() {
		for (Topic topic : this.fleet.topics) {
			this.fleet.ledger.check(members(topic).equals(present(topic)), 6,
					"members of " + topic + " are " + members(topic) + ", but there are " + present(topic));
			checkEvents(topic, this.fleet.ledger.messages(PresenceTopics.of(topic)));
		}
	}

	private void checkEvents(Topic topic, List<Publication> events) {
		Set<String> joined = new TreeSet<>();
		for (Publication event : events) {
			String text = event.content().text();
			String user = text.substring(text.lastIndexOf(':') + 2, text.length() - 2);
			boolean inTurn = "join".equals(event.content().type()) ? joined.add(user) : joined.remove(user);
			this.fleet.ledger.check(inTurn, 6, "out of turn on " + topic + ": " + text);
		}
		joined.removeAll(this.excepted);
		this.fleet.ledger.check(joined.equals(members(topic)), 6,
				"by the events the members of " + topic + " are " + joined + ", not " + members(topic));
	}

	private Set<String> members(Topic topic) {
		Set<String> users = new TreeSet<>();
		this.fleet.members(topic).stream().map(Presence.Member::user).forEach(users::add);
		users.removeAll(this.excepted);
		return users;
	}

	private Set<String> present(Topic topic) {
		Set<String> users = new TreeSet<>();
		this.fleet.clients.stream().filter((each) -> each.isLiveOn(topic)).forEach((each) -> users.add(each.name));
		users.removeAll(this.excepted);
		return users;
	}

}
