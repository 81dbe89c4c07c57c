package dev.realtime.numbering.jdbc;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.sequence.TopicCounter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes numbers from the counter, and sets it again from the log when it has forgotten
 * some. Remembers the last number that this node got for each topic, so that a counter
 * that fell behind never gives one thread a lower number after a higher one. Safe for any
 * number of threads; blocks up to the counter's time limit.
 */
final class Numbers {

	/** How often other numbers are taken for those that turn out to be taken. */
	static final int MAX_ATTEMPTS = 20;

	/** How many topics' last numbers are remembered: those that were used last. */
	private static final int MAX_TOPICS = 10_000;

	/** From this attempt on numbers are skipped, ever more of them. */
	private static final int FIRST_SKIP = 6;

	private static final Logger logger = LoggerFactory.getLogger(Numbers.class);

	private final TopicCounter counter;

	@GuardedBy("this")
	private final Map<Topic, Position> last = new LinkedHashMap<>(16, 0.75f, true);

	Numbers(TopicCounter counter) {
		this.counter = counter;
	}

	/**
	 * Takes what is needed, in one round trip unless the counter has forgotten something.
	 * @param attempt 1, or more when numbers turned out to be taken
	 * @param log tells the highest number that the log knows; asked only when needed
	 * @return the first number of each topic, or null when the counter is away
	 */
	@Nullable Map<Topic, Long> take(List<Draft.Demand> demands, int attempt, Highest log) throws SQLException {
		if (!this.counter.isConnected()) {
			return null;
		}
		try {
			Map<Topic, Long> firsts = new HashMap<>();
			List<Draft.Demand> behind = demands;
			if (attempt == 1) {
				firsts.putAll(all(demands, above(demands), false));
				behind = demands.stream().filter((each) -> isBehind(firsts, each)).toList();
			}
			if (!behind.isEmpty()) {
				firsts.putAll(all(behind, known(behind, attempt, log), true));
			}
			demands.forEach((each) -> note(each.topic(),
					each.head().withSeq(firsts.getOrDefault(each.topic(), 0L) + each.count() - 1)));
			return firsts;
		}
		catch (CompletionException | CancellationException ex) {
			logger.debug("The counter returned no numbers; the log assigns them", ex);
			return null;
		}
	}

	/** What the numbers of each demand must exceed, as far as this node knows. */
	synchronized Map<Topic, Long> above(List<Draft.Demand> demands) {
		Map<Topic, Long> above = new HashMap<>();
		for (Draft.Demand demand : demands) {
			Position known = this.last.get(demand.topic());
			long mine = (known != null && known.sameEpoch(demand.head())) ? known.seq() : 0;
			above.put(demand.topic(), Math.max(demand.head().seq(), mine));
		}
		return above;
	}

	/** Remembers a number that this node got. */
	synchronized void note(Topic topic, Position number) {
		Position known = this.last.get(topic);
		if (known == null || !known.sameEpoch(number) || known.seq() < number.seq()) {
			this.last.put(topic, number);
		}
		if (this.last.size() > MAX_TOPICS) {
			this.last.remove(this.last.keySet().iterator().next());
		}
	}

	/** The numbers that were taken. */
	static List<MessageLocation> places(List<Draft.Demand> demands, @Nullable Map<Topic, Long> firsts) {
		if (firsts == null) {
			return List.of();
		}
		return demands.stream().flatMap((demand) -> {
			long first = firsts.getOrDefault(demand.topic(), 0L);
			return LongStream.range(first, first + demand.count())
				.mapToObj((seq) -> new MessageLocation(demand.topic(), demand.head().withSeq(seq)));
		}).toList();
	}

	private Map<Topic, Long> known(List<Draft.Demand> demands, int attempt, Highest log) throws SQLException {
		Map<Topic, Long> known = above(demands);
		// what open transactions have cannot be seen: do not try each of them
		long skip = (attempt >= FIRST_SKIP) ? 1L << (attempt - FIRST_SKIP) : 0;
		for (Draft.Demand demand : demands) {
			long highest = log.of(demand);
			known.merge(demand.topic(), highest, (mine, logs) -> Math.max(mine, logs) + skip);
		}
		return known;
	}

	private Map<Topic, Long> all(List<Draft.Demand> demands, Map<Topic, Long> above, boolean set) {
		Map<Topic, CompletableFuture<Long>> calls = new LinkedHashMap<>();
		for (Draft.Demand demand : demands) {
			Topic topic = demand.topic();
			String epoch = demand.head().epoch();
			long lowest = above.getOrDefault(topic, 0L);
			calls.put(topic, (set ? this.counter.takeAbove(topic, epoch, demand.count(), lowest)
					: this.counter.take(topic, epoch, demand.count(), lowest))
				.toCompletableFuture());
		}
		Map<Topic, Long> firsts = new HashMap<>();
		calls.forEach((topic, call) -> firsts.put(topic, call.join()));
		return firsts;
	}

	private static boolean isBehind(Map<Topic, Long> firsts, Draft.Demand demand) {
		return firsts.getOrDefault(demand.topic(), TopicCounter.BEHIND) == TopicCounter.BEHIND;
	}

	/** What the log knows. */
	@FunctionalInterface
	interface Highest {

		long of(Draft.Demand demand) throws SQLException;

	}

}
