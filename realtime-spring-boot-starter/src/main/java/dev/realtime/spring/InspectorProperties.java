package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.inspector}: a page for operators, and what the actuator's endpoint
 * {@code realtime} keeps and reads for those who follow a user or a topic.
 *
 * @param enabled whether the actuator's endpoint {@code realtime} also has the page, at
 * {@code /actuator/realtime/inspector}
 * @param followedUsers most users that a node follows at once; 1 to 1,000
 * @param followedEvents most events of a followed user that a node keeps, the latest; 1
 * to 1,000
 * @param followFor how long a node follows a user after the last question; 1 ms to 1 day
 * @param topicReads most questions about a topic's messages that wait for the log; 1 to
 * 1,000
 */
public record InspectorProperties(@DefaultValue("false") boolean enabled, @DefaultValue("8") int followedUsers,
		@DefaultValue("50") int followedEvents, @DefaultValue("30s") Duration followFor,
		@DefaultValue("4") int topicReads) {

	private static final String PREFIX = "realtime.inspector.";

	public InspectorProperties {
		PropertyBounds.range(PREFIX + "followed-users", followedUsers, 1, 1_000);
		PropertyBounds.range(PREFIX + "followed-events", followedEvents, 1, 1_000);
		PropertyBounds.positive(PREFIX + "follow-for", followFor);
		PropertyBounds.range(PREFIX + "topic-reads", topicReads, 1, 1_000);
	}

}
