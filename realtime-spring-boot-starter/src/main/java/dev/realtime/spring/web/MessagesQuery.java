package dev.realtime.spring.web;

import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.RefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/** What a client asks for: messages after a position, before one, or the latest. */
sealed interface MessagesQuery {

	/** How many messages come when the client does not say. */
	int DEFAULT_LIMIT = 100;

	/** Starts reading. */
	CompletionStage<LogPage> read(TopicLog log, Topic topic);

	/** Whether older messages are what the client goes on to. */
	default boolean backwards() {
		return true;
	}

	/**
	 * Reads the parameters; an empty one counts as absent. Without an epoch
	 * {@code before} means the current one, which the page names; {@code after} cannot,
	 * because what follows a position is only known within its epoch.
	 * @throws RequestRefusedException when one of them is wrong
	 */
	static MessagesQuery parse(@Nullable String epoch, @Nullable String after, @Nullable String before,
			@Nullable String limit, int maxPage) {
		int size = StringUtils.hasText(limit) ? Numbers.parse("limit", limit, 1, maxPage)
				: Math.min(DEFAULT_LIMIT, maxPage);
		boolean hasEpoch = StringUtils.hasText(epoch);
		if (StringUtils.hasText(after)) {
			if (StringUtils.hasText(before)) {
				throw RequestRefusedException.badRequest("after and before cannot be given together");
			}
			if (!hasEpoch) {
				throw RequestRefusedException.badRequest("after needs the epoch in which it was counted");
			}
			return new After(position(epoch, Numbers.parse("after", after, 0)), size);
		}
		if (StringUtils.hasText(before)) {
			long seq = Numbers.parse("before", before, 1);
			return hasEpoch ? new Before(position(epoch, seq), size) : new BeforeNow(seq, size);
		}
		if (hasEpoch) {
			throw RequestRefusedException.badRequest("epoch is allowed only together with after or before");
		}
		return new Before(null, size);
	}

	/** Returns how many messages are asked for, 0 where that is malformed. */
	static int size(@Nullable String limit, int maxPage) {
		try {
			return StringUtils.hasText(limit) ? Numbers.parse("limit", limit, 1, maxPage)
					: Math.min(DEFAULT_LIMIT, maxPage);
		}
		catch (RequestRefusedException ex) {
			return 0;
		}
	}

	private static Position position(@Nullable String epoch, long seq) {
		try {
			return ClientInput.position("bad-request", (epoch != null) ? epoch : "", seq);
		}
		catch (RefusedException ex) {
			throw RequestRefusedException.badRequest(ex.sentence());
		}
	}

	/** Backfill: what follows a position. */
	record After(Position position, int limit) implements MessagesQuery {

		@Override
		public CompletionStage<LogPage> read(TopicLog log, Topic topic) {
			return log.read(topic, this.position, this.limit);
		}

		@Override
		public boolean backwards() {
			return false;
		}

	}

	/** History: what precedes a position, or the latest messages. */
	record Before(@Nullable Position position, int limit) implements MessagesQuery {

		@Override
		public CompletionStage<LogPage> read(TopicLog log, Topic topic) {
			return log.readBefore(topic, this.position, this.limit);
		}

	}

	/** History before a number of the epoch that is current when it is read. */
	record BeforeNow(long seq, int limit) implements MessagesQuery {

		@Override
		public CompletionStage<LogPage> read(TopicLog log, Topic topic) {
			return log.peek(List.of(topic))
				.thenCompose((heads) -> log.readBefore(topic, heads.get(0).withSeq(this.seq), this.limit));
		}

	}

}
