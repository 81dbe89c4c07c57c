package dev.realtime.presence;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/** The reserved topics on which joins and leaves of a topic are published. */
public final class PresenceTopics {

	/** What their names begin with. */
	public static final String PREFIX = "_presence.";

	private PresenceTopics() {
	}

	/** Where the topic's joins and leaves are published. */
	public static Topic of(Topic topic) {
		return Topic.of(PREFIX + topic.name());
	}

	/** Whether the topic has one: topics of the engine's own have none. */
	public static boolean hasEvents(Topic topic) {
		return !topic.isReserved();
	}

	/**
	 * Whose joins and leaves are published there, or null when it is no presence topic.
	 */
	public static @Nullable Topic base(Topic presenceTopic) {
		String name = presenceTopic.name();
		return name.startsWith(PREFIX) ? Topic.of(name.substring(PREFIX.length())) : null;
	}

}
