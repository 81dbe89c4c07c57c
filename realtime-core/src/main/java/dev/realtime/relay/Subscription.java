package dev.realtime.relay;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;

/**
 * What a node subscribes to: one topic, or all topics that match a pattern. For
 * implementations of {@link Relay}; not meant for applications.
 *
 * @param kind which of the two
 * @param text the topic's name or the pattern's text
 */
public record Subscription(Kind kind, String text) {

	/** What a subscription names. */
	public enum Kind {

		/** One topic. */
		TOPIC,

		/** A pattern of topics. */
		PATTERN

	}

	/** Returns the subscription of one topic. */
	public static Subscription of(Topic topic) {
		return new Subscription(Kind.TOPIC, topic.name());
	}

	/** Returns the subscription of a pattern. */
	public static Subscription of(TopicPattern pattern) {
		return new Subscription(Kind.PATTERN, pattern.text());
	}

	/** Returns the topic of a {@link Kind#TOPIC}. */
	public Topic topic() {
		return Topic.of(this.text);
	}

	/** Returns the pattern of a {@link Kind#PATTERN}. */
	public TopicPattern pattern() {
		return new TopicPattern(this.text);
	}

	@Override
	public String toString() {
		return (this.kind == Kind.TOPIC) ? topic().toString() : this.text;
	}

}
