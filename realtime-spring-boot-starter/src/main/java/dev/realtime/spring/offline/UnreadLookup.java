package dev.realtime.spring.offline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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
			if (isCountedIfKnown(each)) {
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

	private boolean isCountedIfKnown(Pending each) {
		try {
			return isCounted(each);
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			return false;
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

		private Loop.@Nullable Delayed patience;

		Question(List<Pending> batch, BiConsumer<Pending, OptionalLong> then) {
			this.batch = batch;
			this.then = then;
		}

		void ask() {
			try {
				this.patience = UnreadLookup.this.loop.after(PATIENCE, () -> answer(null));
				CompletionStage<List<Unread>> unused = stage()
					.whenComplete((answers, failure) -> UnreadLookup.this.loop.execute(() -> {
						if (failure != null) {
							logger.debug("Offline messages are passed on without unread counts", failure);
						}
						answer(answers);
					}));
			}
			catch (Throwable ex) {
				UnreadLookup.this.loop.failed(ex);
				answer(null);
			}
		}

		private CompletionStage<List<Unread>> stage() {
			return UnreadLookup.this.positions
				.apply(this.batch.stream().map((each) -> new UserTopic(each.user, each.message.topic())).toList());
		}

		private void answer(@Nullable List<Unread> answers) {
			if (this.answered) {
				return;
			}
			this.answered = true;
			if (this.patience != null) {
				this.patience.cancel();
			}
			List<OptionalLong> counts = counts(answers);
			for (int i = 0; i < this.batch.size(); i++) {
				this.then.accept(this.batch.get(i), counts.isEmpty() ? OptionalLong.empty() : counts.get(i));
			}
		}

		/** One for each message, or none at all. */
		private List<OptionalLong> counts(@Nullable List<Unread> answers) {
			if (answers == null) {
				return List.of();
			}
			try {
				if (answers.size() != this.batch.size()) {
					throw new IllegalStateException("ReadPositions returned " + answers.size() + " counts instead of "
							+ this.batch.size() + "; messages are passed on without counts");
				}
				return answers.stream().map((each) -> OptionalLong.of(each.unread())).toList();
			}
			catch (Throwable ex) {
				UnreadLookup.this.loop.failed(ex);
				return List.of();
			}
		}

	}

}
