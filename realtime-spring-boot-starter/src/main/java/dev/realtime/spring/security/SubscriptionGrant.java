package dev.realtime.spring.security;

import java.time.Instant;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;

/**
 * What a subscription token grants: reading, until it expires. Not for applications.
 *
 * @param topics a topic or a pattern
 * @param expiresAt when the subscription ends
 */
public record SubscriptionGrant(TopicPattern topics, Instant expiresAt) {

	boolean grants(TopicRight right, Topic topic) {
		return right == TopicRight.READ && this.topics.matches(topic);
	}

}
