package dev.realtime.spring.inspect;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong for a client or a topic.
 *
 * @param reason the close code and its text, the word of a refusal, or what is missing
 */
record RecentEvent(Instant time, Kind kind, String reason, @Nullable String user, @Nullable String connection,
		@Nullable String topic, @Nullable String address) {

	Map<String, Object> members() {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("time", this.time.toString());
		members.put("kind", this.kind.name().toLowerCase(Locale.ROOT));
		members.put("reason", this.reason);
		put(members, "user", this.user);
		put(members, "connection", this.connection);
		put(members, "topic", this.topic);
		put(members, "address", this.address);
		return members;
	}

	private static void put(Map<String, Object> members, String name, @Nullable String value) {
		if (value != null) {
			members.put(name, value);
		}
	}

	/** What happened. */
	enum Kind {

		/** The node closed a connection. */
		DISCONNECT,

		/** A client was refused something. */
		REFUSAL,

		/** Messages of a topic could not be delivered, and its subscribers were told. */
		GAP

	}

}
