package dev.realtime.spring.sessions;

import java.util.List;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.presence.PresenceTopics;
import org.jspecify.annotations.Nullable;

/**
 * Which rights are to be decided again.
 *
 * @param user whose, or null for all users
 * @param topics on which topics and their presence, or null for all topics
 */
record Recheck(@Nullable String user, @Nullable TopicPattern topics) {

	static final Recheck ALL = new Recheck(null, null);

	boolean concerns(LocalSession session) {
		return this.user == null || session.isOf(this.user);
	}

	boolean concerns(Topic topic) {
		if (this.topics == null) {
			return true;
		}
		Topic base = PresenceTopics.base(topic);
		return this.topics.matches((base != null) ? base : topic);
	}

	/** As nodes send it. */
	String text() {
		return Words
			.text(List.of((this.user != null) ? this.user : "", (this.topics != null) ? this.topics.text() : ""));
	}

	/**
	 * Reads what a node has sent.
	 * @throws IllegalArgumentException if it is malformed
	 */
	static Recheck of(String text) {
		List<String> words = Words.of(text, 2);
		return new Recheck(words.get(0).isEmpty() ? null : words.get(0),
				words.get(1).isEmpty() ? null : new TopicPattern(words.get(1)));
	}

}
