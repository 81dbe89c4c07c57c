package dev.realtime.region;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Copied;
import dev.realtime.broker.NumberedRun;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.loop.Loops;
import dev.realtime.testing.VirtualEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Letters that are malformed, late, twice, lost or too many, and a store that refuses.
 */
class CopyingTests {

	private static final Topic TOPIC = Topic.of("room.a");

	private static final Topic OTHER = Topic.of("room.b");

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final RegionOptions options = new RegionOptions("us", Set.of("eu"), (topic) -> "eu", Duration.ofSeconds(3),
			Duration.ofSeconds(1), Duration.ofMinutes(5), 100);

	/** Per topic the epoch and what is stored. */
	private final Map<Topic, TreeMap<Long, TopicMessage>> stored = new HashMap<>();

	private final Map<Topic, Throwable> refused = new HashMap<>();

	private final List<Letter> asked = new ArrayList<>();

	private final Copying copying = new Copying(this.options, Fakes.store(this::copy), topics(),
			Fakes.bridge(this.asked), this.loops.loop("realtime-region"), (home) -> false);

	@BeforeEach
	void start() {
		this.copying.start();
	}

	@Test
	void rule9_aMalformedLetterEndsThatLetterAlone() {
		assertThat(told(Letters.write(stored(TOPIC, 1, 10)), new byte[] { 1, 99 }, new byte[0],
				Letters.write(stored(TOPIC, 2, 10))))
			.isCompleted();
		assertThat(numbers(TOPIC)).containsExactly(1L, 2L);
	}

	@Test
	void rule9_aTopicThatTheStoreRefusesDoesNotKeepTheOthersWaiting() {
		this.refused.put(TOPIC, new StackOverflowError("simulated"));
		byte[][] letters = { Letters.write(stored(TOPIC, 1, 10)), Letters.write(stored(OTHER, 1, 10)) };
		int times = 1;
		while (told(letters).isCompletedExceptionally()) {
			assertThat(times++).isLessThan(10);
		}
		assertThat(told(Letters.write(stored(TOPIC, 2, 10)), Letters.write(stored(OTHER, 2, 10)))).isCompleted();
		assertThat(numbers(OTHER)).containsExactly(1L, 2L);
		assertThat(this.copying.behind()).isEqualTo(1);
		this.refused.clear();
		this.environment.advance(Duration.ofSeconds(2));
		assertThat(this.asked).last()
			.isInstanceOfSatisfying(Letter.PageWanted.class, (page) -> assertThat(page.topic()).isEqualTo(TOPIC));
	}

	@Test
	void rule9_aComparisonThatFailsIsNotRepeatedForEver() {
		assertThat(told(Letters
			.write(new Letter.Heads(List.of(TOPIC, OTHER), List.of(new Position("e", 1), new Position("e", 1))))))
			.isCompleted();
		assertThat(told(Letters.write(stored(TOPIC, 1, 10)))).isCompleted();
	}

	@Test
	void rule3_lettersThatComeTwiceOrInAnyOrderAreStoredOnceInOrder() {
		for (long seq : new long[] { 3, 1, 5, 1, 2, 3, 6, 4, 2 }) {
			assertThat(told(Letters.write(stored(TOPIC, seq, 10)))).isCompleted();
		}
		assertThat(numbers(TOPIC)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
		assertThat(this.copying.behind()).isZero();
	}

	@Test
	void rule8_whatIsHeldIsBoundedByCountAndByBytes() {
		for (long seq = 2; seq < 3_000; seq++) {
			assertThat(told(Letters.write(stored(TOPIC, seq, 10)))).isCompleted();
		}
		assertThat(this.copying.held()).isEqualTo(LaggingCopies.MOST_HELD);
		for (long seq = 2; seq < 60; seq++) {
			assertThat(told(Letters.write(stored(OTHER, seq, 1 << 20)))).isCompleted();
		}
		assertThat(told(Letters.write(stored(TOPIC, 1, 10)))).isCompleted();
		this.environment.runDue();
		assertThat(this.copying.held()).isZero();
		for (long seq = 2; seq < 60; seq++) {
			assertThat(told(Letters.write(stored(OTHER, seq, 1 << 20)))).isCompleted();
		}
		assertThat(this.copying.held()).isBetween(10, 16);
	}

	@Test
	void rule8_aHomeThatNeverAnswersIsNotAskedForEver() {
		assertThat(told(Letters.write(stored(TOPIC, 2, 10)))).isCompleted();
		this.environment.advance(Duration.ofMinutes(10));
		assertThat(this.asked).hasSize(TopicCopy.MOST_TRIES);
		assertThat(this.copying.behind()).isZero();
		assertThat(this.copying.held()).isZero();
	}

	@Test
	void rule8_pagesAreAskedForAFewAtATime() {
		for (int i = 0; i < LaggingCopies.MOST + 500; i++) {
			assertThat(told(Letters.write(stored(Topic.of("many." + i), 2, 10)))).isCompleted();
		}
		assertThat(this.copying.behind()).isEqualTo(LaggingCopies.MOST);
		this.asked.clear();
		this.environment.advance(Duration.ofMillis(500));
		assertThat(this.asked).hasSizeBetween(1, LaggingCopies.MOST_ASKED);
	}

	private CompletableFuture<Void> told(byte[]... letters) {
		CompletableFuture<Void> stage = this.copying.told("eu", List.of(letters)).toCompletableFuture();
		this.environment.runDue();
		return stage;
	}

	private List<Long> numbers(Topic topic) {
		return List.copyOf(this.stored.getOrDefault(topic, new TreeMap<>()).keySet());
	}

	/** As the script does, for one epoch. */
	private CompletionStage<Copied> copy(Topic topic, NumberedRun run) {
		Throwable refusal = this.refused.get(topic);
		if (refusal != null) {
			return CompletableFuture.failedFuture(refusal);
		}
		TreeMap<Long, TopicMessage> all = this.stored.computeIfAbsent(topic, (each) -> new TreeMap<>());
		long head = all.isEmpty() ? 0 : all.lastKey();
		if (run.after() > head) {
			return CompletableFuture.completedFuture(new Copied(false, new Position("E", head), 0));
		}
		List<TopicMessage> fresh = run.messages().stream().filter((each) -> each.seq() > head).toList();
		fresh.forEach((each) -> all.put(each.seq(), each));
		return CompletableFuture
			.completedFuture(new Copied(true, new Position("E", Math.max(head, run.through())), fresh.size()));
	}

	private static Letter stored(Topic topic, long seq, int bytes) {
		return new Letter.Stored(new TopicMessage(topic, new Position("E", seq), 1, null,
				Content.of(new byte[bytes], "application/octet-stream", null, Map.of()), null, 0));
	}

	private static TopicPolicies topics() {
		return TopicPolicies.all(TopicPolicy.DEFAULT);
	}

}
