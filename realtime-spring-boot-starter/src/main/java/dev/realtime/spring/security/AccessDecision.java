package dev.realtime.spring.security;

import dev.realtime.Topic;

/**
 * Whether a client may do something on a topic.
 *
 * @param granted whether it may
 * @param reason a word for programs; empty if granted
 * @param sentence tells the client why not; empty if granted
 */
public record AccessDecision(boolean granted, String reason, String sentence) {

	/** The client may. */
	public static final AccessDecision GRANTED = new AccessDecision(true, "", "");

	/** Denies for lack of a grant. */
	static AccessDecision denied(TopicRight right, Topic topic) {
		return new AccessDecision(false, "no-access", switch (right) {
			case READ -> "You may not read topic \"" + topic + '"';
			case PUBLISH -> "You may not send to topic \"" + topic + '"';
			case MEMBERS -> "You may not see who is on topic \"" + topic + '"';
		});
	}

	/** Denies because no rule names the topic. */
	static AccessDecision unknown(Topic topic) {
		return new AccessDecision(false, "unknown-topic",
				"No access rule of this service names topic \"" + topic + "\", so it is closed");
	}

}
