package dev.realtime.spring.web;

import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What a client asks for: the messages after a position, those before one, or the latest.
 *
 * @param after the last position that the client has, or null
 * @param before the first position that the client has, or null
 * @param limit at most so many messages
 */
record MessagesQuery(@Nullable Position after, @Nullable Position before, int limit) {

	/** How many messages come when the client does not say. */
	static final int DEFAULT_LIMIT = 100;

	/**
	 * Reads the parameters; an empty one counts as absent.
	 * @throws RequestRefusedException when one of them is wrong
	 */
	static MessagesQuery parse(@Nullable String epoch, @Nullable String after, @Nullable String before,
			@Nullable String limit, int maxPage) {
		boolean hasAfter = StringUtils.hasText(after);
		boolean hasBefore = StringUtils.hasText(before);
		if (hasAfter && hasBefore) {
			throw RequestRefusedException.badRequest("after and before cannot be given together");
		}
		if (StringUtils.hasText(epoch) != (hasAfter || hasBefore)) {
			throw RequestRefusedException
				.badRequest("epoch goes together with after or before: a seq means nothing without its epoch");
		}
		int size = StringUtils.hasText(limit) ? Numbers.parse("limit", limit, 1, maxPage)
				: Math.min(DEFAULT_LIMIT, maxPage);
		return new MessagesQuery(position(epoch, "after", after, 0), position(epoch, "before", before, 1), size);
	}

	/** Whether older messages are what the client goes on to. */
	boolean backwards() {
		return this.after == null;
	}

	CompletionStage<LogPage> read(TopicLog log, Topic topic) {
		return (this.after != null) ? log.read(topic, this.after, this.limit)
				: log.readBefore(topic, this.before, this.limit);
	}

	private static @Nullable Position position(@Nullable String epoch, String name, @Nullable String seq, long min) {
		if (epoch == null || seq == null || seq.isBlank()) {
			return null;
		}
		long number = Numbers.parse(name, seq, min);
		try {
			return new Position(epoch, number);
		}
		catch (IllegalArgumentException ex) {
			throw RequestRefusedException.badRequest(String.valueOf(ex.getMessage()));
		}
	}

}
