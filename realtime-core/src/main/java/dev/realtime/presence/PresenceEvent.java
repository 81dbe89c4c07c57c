package dev.realtime.presence;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.realtime.Content;

/** What is published about the members of a topic, on its presence topic. */
public sealed interface PresenceEvent {

	/** The type of the message. */
	String type();

	/** The field of the message that follows its type, as JSON. */
	String field();

	/** The content of the message. */
	default Content content() {
		String json = "{\"event\":\"" + type() + "\"," + field() + '}';
		return Content.of(json.getBytes(StandardCharsets.UTF_8), Content.JSON, type(), Map.of());
	}

	/**
	 * The user's first connection came.
	 *
	 * @param user the user's name
	 */
	record Join(String user) implements PresenceEvent {

		@Override
		public String type() {
			return "join";
		}

		@Override
		public String field() {
			return "\"user\":" + quoted(this.user);
		}

	}

	/**
	 * The user's last connection is gone, and the grace period over.
	 *
	 * @param user the user's name
	 */
	record Leave(String user) implements PresenceEvent {

		@Override
		public String type() {
			return "leave";
		}

		@Override
		public String field() {
			return "\"user\":" + quoted(this.user);
		}

	}

	/**
	 * There are too many members to publish each join and leave.
	 *
	 * @param members how many there are
	 */
	record Count(long members) implements PresenceEvent {

		@Override
		public String type() {
			return "count";
		}

		@Override
		public String field() {
			return "\"count\":" + this.members;
		}

	}

	/**
	 * Joins or leaves were not published, and the members are few enough to be read anew.
	 *
	 * @param members how many there are
	 */
	record Reset(long members) implements PresenceEvent {

		@Override
		public String type() {
			return "reset";
		}

		@Override
		public String field() {
			return "\"count\":" + this.members;
		}

	}

	private static String quoted(String text) {
		StringBuilder json = new StringBuilder("\"");
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				json.append('\\').append(c);
			}
			else if (c < ' ' || c == '\u2028' || c == '\u2029' || c == '<') {
				json.append(String.format("\\u%04x", (int) c));
			}
			else {
				json.append(c);
			}
		}
		return json.append('"').toString();
	}

}
