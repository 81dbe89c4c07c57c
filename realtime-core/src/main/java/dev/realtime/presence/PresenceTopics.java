package dev.realtime.presence;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/** The reserved topics on which joins and leaves of a topic are published. */
public final class PresenceTopics {

	static final String PREFIX = "_presence.";

	private PresenceTopics() {
	}

	/** Where the topic's joins and leaves are published. */
	public static Topic of(Topic topic) {
		return Topic.of(PREFIX + topic.name());
	}

	/** Whether the topic's name leaves room for a presence topic. */
	public static boolean hasEvents(Topic topic) {
		return topic.name().length() + PREFIX.length() <= Topic.MAX_LENGTH;
	}

	/**
	 * Whose joins and leaves are published there, or null when it is no presence topic.
	 */
	public static @Nullable Topic base(Topic presenceTopic) {
		String name = presenceTopic.name();
		return name.startsWith(PREFIX) ? Topic.of(name.substring(PREFIX.length())) : null;
	}

}
