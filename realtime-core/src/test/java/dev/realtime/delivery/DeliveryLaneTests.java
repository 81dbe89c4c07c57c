package dev.realtime.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

import dev.realtime.Content;
import dev.realtime.DeliveryRate;
import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a rate lets leave, and what it leaves out, by a clock of the test's own. */
class DeliveryLaneTests {

	private static final Topic TOPIC = Topic.of("price");

	private static final Position START = new Position("E", 0);

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final Recorder out = new Recorder();

	private long now = -SECOND;

	private long seq;

	@Test
	void aMessageThatComesAloneLeavesAtOnce() {
		DeliveryLane lane = lane(DeliveryRate.sample(10));
		for (int i = 0; i < 5; i++) {
			lane.take(next(null), this.now);
			after(lane, 100);
		}
		assertThat(this.out.words).containsExactly("1", "2", "3", "4", "5");
	}

	@Test
	void aSampleIsTheNewestMessageOfEachIntervalAndTheRestIsAnnouncedAheadOfIt() {
		DeliveryLane lane = lane(DeliveryRate.sample(10));
		for (int i = 0; i < 30; i++) {
			lane.take(next(null), this.now);
			after(lane, 10);
		}
		after(lane, 100);
		assertThat(this.out.words).containsExactly("1", "2-9 sampled", "10", "11-19 sampled", "20", "21-29 sampled",
				"30");
		assertThat(lane.leftOut).isEqualTo(26);
	}

	@Test
	void ofEachKeyOnlyTheNewestWaits() {
		DeliveryLane lane = lane(DeliveryRate.latest(10));
		lane.take(next("a"), this.now);
		lane.take(next("a"), this.now);
		lane.take(next("b"), this.now);
		lane.take(next("a"), this.now);
		lane.take(next("c"), this.now);
		after(lane, 100);
		assertThat(this.out.words).containsExactly("1", "2-2 conflated", "3");
		after(lane, 100);
		after(lane, 100);
		assertThat(this.out.words).containsExactly("1", "2-2 conflated", "3", "4", "5");
	}

	@Test
	void messagesWithoutAKeyAreNotReplaced() {
		DeliveryLane lane = lane(DeliveryRate.latest(10));
		for (int i = 0; i < 4; i++) {
			lane.take(next(null), this.now);
		}
		after(lane, 400);
		assertThat(this.out.words).containsExactly("1", "2", "3", "4");
	}

	@Test
	void rule8_moreKeysThanMayWaitLeaveOutTheOldestAndSaySo() {
		DeliveryLane lane = lane(DeliveryRate.latest(1),
				TopicPolicy.builder().queue(3, 1_024, Overflow.DISCONNECT).build());
		for (int i = 0; i < 8; i++) {
			lane.take(next("k" + i), this.now);
		}
		after(lane, 3_000);
		assertThat(this.out.words).containsExactly("1", "2-5 overflow", "6", "7", "8");
	}

	@Test
	void rule8_moreBytesThanMayWaitLeaveOutTheOldestAndSaySo() {
		DeliveryLane lane = lane(DeliveryRate.latest(1),
				TopicPolicy.builder().queue(100, 1_024, Overflow.DISCONNECT).build());
		lane.take(next("first"), this.now);
		for (int i = 0; i < 6; i++) {
			this.seq++;
			lane.take(message(this.seq, Content.of(new byte[400], Content.TEXT, null, Map.of("key", "k" + i))),
					this.now);
		}
		after(lane, 3_000);
		assertThat(this.out.words).containsExactly("1", "2-5 overflow", "6", "7");
	}

	@Test
	void anImportantMessageDoesNotWaitAndIsNotReplaced() {
		DeliveryLane lane = lane(DeliveryRate.latest(10));
		lane.take(next("a"), this.now);
		lane.take(next("a"), this.now);
		lane.take(important("a"), this.now);
		lane.take(next("a"), this.now);
		assertThat(this.out.words).containsExactly("1", "2", "3");
		after(lane, 100);
		assertThat(this.out.words).as("2 left ahead of its time").containsExactly("1", "2", "3");
		after(lane, 100);
		assertThat(this.out.words).containsExactly("1", "2", "3", "4");
	}

	@Test
	void manyImportantMessagesDoNotCarryMoreOfTheOthersWithThem() {
		DeliveryLane lane = lane(DeliveryRate.sample(10));
		for (int i = 0; i < 1_000; i++) {
			lane.take(next(null), this.now);
			lane.take(important(null), this.now);
			after(lane, 1);
		}
		long others = this.out.received.stream().filter((each) -> each % 2 == 1).count();
		assertThat(others).isBetween(9L, 12L);
		assertThat(this.out.received.stream().filter((each) -> each % 2 == 0)).hasSize(1_000);
	}

	@Test
	void rule3_numbersWithoutAMessageKeepTheirPlace() {
		DeliveryLane lane = lane(DeliveryRate.sample(10));
		lane.take(next(null), this.now);
		lane.take(next(null), this.now);
		this.seq = 4;
		lane.moveTo(new Position("E", 4));
		assertThat(this.out.words).containsExactly("1");
		after(lane, 100);
		assertThat(this.out.words).containsExactly("1", "2", "to 4");
		assertThat(lane.released()).isEqualTo(new Position("E", 4));
		after(lane, 100);
		lane.take(next(null), this.now);
		assertThat(this.out.words).containsExactly("1", "2", "to 4", "5");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 10, 250, 10_000 })
	void rule3_everyNumberIsEitherReceivedOrAnnouncedOnceAndNoSecondHasMoreThanTheRate(int rate) {
		for (int seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			checkAtRandom(random, random.nextBoolean() ? DeliveryRate.sample(rate) : DeliveryRate.latest(rate));
		}
	}

	private void checkAtRandom(Random random, DeliveryRate rate) {
		this.out.clear();
		this.seq = 0;
		TopicPolicy policy = TopicPolicy.builder().queue(1 + random.nextInt(8), 1 << 20, Overflow.DISCONNECT).build();
		DeliveryLane lane = lane(rate, policy);
		List<Long> important = new ArrayList<>();
		boolean mayBeImportant = random.nextBoolean();
		for (int i = 0; i < 400; i++) {
			String key = "k" + random.nextInt(6);
			if (mayBeImportant && random.nextInt(20) == 0) {
				lane.take(important(key), this.now);
				important.add(this.seq);
			}
			else {
				lane.take(next(random.nextInt(10) == 0 ? null : key), this.now);
			}
			if (random.nextInt(3) == 0) {
				this.now += random.nextLong(2 * SECOND / rate.messagesPerSecond());
				this.out.now = this.now;
				lane.release(this.now);
			}
		}
		for (int i = 0; i < 400 && lane.dueAfter(this.now) >= 0; i++) {
			after(lane, 1_000);
		}
		assertThat(this.out.all())
			.containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(1, this.seq).boxed().toList());
		assertThat(this.out.received).isSorted().containsAll(important).contains(this.seq);
		if (!mayBeImportant) {
			int most = rate.messagesPerSecond()
					+ (int) (DeliveryLane.LATENESS_NANOS * rate.messagesPerSecond() / SECOND) + 1;
			assertThat(this.out.mostInASecond()).isLessThanOrEqualTo(most);
		}
	}

	private DeliveryLane lane(DeliveryRate rate) {
		return lane(rate, TopicPolicy.DEFAULT);
	}

	private DeliveryLane lane(DeliveryRate rate, TopicPolicy policy) {
		this.out.now = this.now;
		return new DeliveryLane(policy.toBuilder().rate(rate).build(), START, this.now, this.out);
	}

	private void after(DeliveryLane lane, long millis) {
		for (long i = 0; i < millis; i++) {
			this.now += 1_000_000;
			this.out.now = this.now;
			lane.release(this.now);
		}
	}

	private TopicMessage next(@Nullable String key) {
		this.seq++;
		return message(this.seq,
				Content.of(new byte[1], Content.TEXT, null, (key != null) ? Map.of(DeliveryRate.KEY, key) : Map.of()));
	}

	private TopicMessage important(@Nullable String key) {
		Map<String, String> headers = new HashMap<>(Map.of(Content.IMPORTANT, "true"));
		if (key != null) {
			headers.put(DeliveryRate.KEY, key);
		}
		this.seq++;
		return message(this.seq, Content.of(new byte[1], Content.TEXT, null, headers));
	}

	private static TopicMessage message(long seq, Content content) {
		return new TopicMessage(TOPIC, new Position("E", seq), 0, null, content, null, 0);
	}

	private static final class Recorder implements DeliveryLane.Exit {

		final List<String> words = new ArrayList<>();

		final List<Long> received = new ArrayList<>();

		final List<Long> times = new ArrayList<>();

		final List<Long> announced = new ArrayList<>();

		long now;

		@Override
		public void deliver(TopicMessage message, Position previous, @Nullable String reason) {
			if (reason != null) {
				this.words.add((previous.seq() + 1) + "-" + (message.seq() - 1) + ' ' + reason);
				for (long each = previous.seq() + 1; each < message.seq(); each++) {
					this.announced.add(each);
				}
			}
			this.words.add(String.valueOf(message.seq()));
			this.received.add(message.seq());
			this.times.add(this.now);
		}

		@Override
		public void move(Position position) {
			this.words.add("to " + position.seq());
		}

		void clear() {
			this.words.clear();
			this.received.clear();
			this.times.clear();
			this.announced.clear();
		}

		/** Each once, or this is not what was published. */
		List<Long> all() {
			assertThat(new TreeSet<>(this.announced)).hasSize(this.announced.size());
			List<Long> all = new ArrayList<>(this.received);
			all.addAll(this.announced);
			all.sort(null);
			return all;
		}

		int mostInASecond() {
			int most = 0;
			int first = 0;
			for (int i = 0; i < this.times.size(); i++) {
				while (this.times.get(i) - this.times.get(first) >= SECOND) {
					first++;
				}
				most = Math.max(most, i - first + 1);
			}
			return most;
		}

	}

}
