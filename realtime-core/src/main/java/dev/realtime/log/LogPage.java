package dev.realtime.log;

import java.util.List;

import dev.realtime.Position;
import dev.realtime.TopicMessage;

/** What a log answers to a read. */
public sealed interface LogPage {

	/** The topic's latest position at the time of the read. */
	Position head();

	/**
	 * A stretch of the log.
	 *
	 * @param messages in ascending order; numbers that never carried a message (void) or
	 * whose message outlived its time to live are absent
	 * @param through all numbers up to here are settled and, as far as they carry
	 * messages, contained: the next read starts here
	 * @param head the topic's latest position
	 * @param hasMore whether another read in the same direction would find more
	 */
	record Found(List<TopicMessage> messages, Position through, Position head, boolean hasMore) implements LogPage {

		public Found {
			messages = List.copyOf(messages);
		}

	}

	/**
	 * The asked range is not, or no longer, there.
	 *
	 * @param reason why
	 * @param head the topic's latest position
	 * @param first the lowest number that is still kept, or head + 1 when none is
	 */
	record Lost(Reason reason, Position head, long first) implements LogPage {
	}

	/** Why a range is not there. */
	enum Reason {

		/** The position belongs to another life of the numbering, or to none known. */
		EPOCH_CHANGED("epoch-changed"),

		/** The messages are of this epoch but no longer kept. */
		EXPIRED("expired");

		private final String code;

		Reason(String code) {
			this.code = code;
		}

		/** The word used on the wire. */
		public String code() {
			return this.code;
		}

	}

}
