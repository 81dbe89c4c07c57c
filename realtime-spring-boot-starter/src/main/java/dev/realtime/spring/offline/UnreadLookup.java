package dev.realtime.spring.offline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.unread.ReadPositions;
import dev.realtime.unread.Unread;
import dev.realtime.unread.UserTopic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how much offline users have not read, many at a time. Confined to the loop.
 */
final class UnreadLookup {

	private static final Logger logger = LoggerFactory.getLogger(UnreadLookup.class);

	/** After that a message is handed over without a count. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/** Pairs of one question. */
	private static final int MAX_PAIRS = 1_000;

	private final Loop loop;

	private final Function<List<UserTopic>, CompletionStage<List<Unread>>> positions;

	private final Predicate<Topic> kept;

	/**
	 * Makes it.
	 * @param positions knows what users have read
	 * @param kept whether a topic is kept where read positions are
	 */
	UnreadLookup(Loop loop, Function<List<UserTopic>, CompletionStage<List<Unread>>> positions, Predicate<Topic> kept) {
		this.loop = loop;
		this.positions = positions;
		this.kept = kept;
	}

	/** Passes each message on once, on the loop, with the count if there is one. */
	void look(List<Pending> all, BiConsumer<Pending, OptionalLong> then) {
		List<Pending> counted = new ArrayList<>();
		for (Pending each : all) {
			if (isCounted(each)) {
				counted.add(each);
			}
			else {
				then.accept(each, OptionalLong.empty());
			}
		}
		for (int from = 0; from < counted.size(); from += MAX_PAIRS) {
			new Question(counted.subList(from, Math.min(from + MAX_PAIRS, counted.size())), then).ask();
		}
	}

	private boolean isCounted(Pending each) {
		return !each.user.isEmpty() && each.user.length() <= ReadPositions.MAX_USER_LENGTH
				&& this.kept.test(each.message.topic());
	}

	private final class Question {

		private final List<Pending> batch;

		private final BiConsumer<Pending, OptionalLong> then;

		private boolean answered;

		Question(List<Pending> batch, BiConsumer<Pending, OptionalLong> then) {
			this.batch = batch;
			this.then = then;
		}

		void ask() {
			UnreadLookup.this.loop.after(PATIENCE, () -> answer(null));
			CompletionStage<List<Unread>> unused = stage()
				.whenComplete((answers, failure) -> UnreadLookup.this.loop.execute(() -> {
					if (failure != null) {
						logger.debug("Offline messages are passed on without unread counts", failure);
					}
					answer(answers);
				}));
		}

		private CompletionStage<List<Unread>> stage() {
			try {
				return UnreadLookup.this.positions
					.apply(this.batch.stream().map((each) -> new UserTopic(each.user, each.message.topic())).toList());
			}
			catch (Throwable ex) {
				return CompletableFuture.failedFuture(ex);
			}
		}

		private void answer(@Nullable List<Unread> answers) {
			if (this.answered) {
				return;
			}
			this.answered = true;
			for (int i = 0; i < this.batch.size(); i++) {
				this.then.accept(this.batch.get(i),
						(answers != null) ? OptionalLong.of(answers.get(i).unread()) : OptionalLong.empty());
			}
		}

	}

}
