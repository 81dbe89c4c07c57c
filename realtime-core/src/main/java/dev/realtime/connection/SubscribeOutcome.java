package dev.realtime.connection;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when its subscription is live, before the first message.
 *
 * @param topic what it subscribed to
 * @param position where live starts: replayed messages go up to here
 * @param recovery what became of the position it named
 * @param replayed how many messages are replayed, at most
 */
public record SubscribeOutcome(Topic topic, Position position, Recovery recovery, int replayed) {

	/** What became of the position that a client named. */
	public enum Recovery {

		/** It named none. */
		NOT_ASKED(null),

		/** Everything after it follows. */
		RECOVERED(null),

		/** It belongs to another life of the topic's numbering. */
		EPOCH_CHANGED("epoch-changed"),

		/** What came after it is no longer kept. */
		EXPIRED("expired"),

		/** More came after it than one recovery may replay. */
		TOO_MANY("too-many");

		private final @Nullable String reason;

		Recovery(@Nullable String reason) {
			this.reason = reason;
		}

		/** The word on the wire when not recovered, else null. */
		public @Nullable String reason() {
			return this.reason;
		}

	}

}
