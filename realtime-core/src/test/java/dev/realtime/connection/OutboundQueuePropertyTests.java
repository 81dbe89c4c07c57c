package dev.realtime.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.DeliveryRate;
import dev.realtime.Position;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.delivery.EncodedGap;
import dev.realtime.delivery.EncodedMessage;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.Gap;
import dev.realtime.hub.VirtualHubFixture;
import dev.realtime.testing.Property;
import dev.realtime.testing.VirtualEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Any sequence of calls does with the queue what it does with a plain list, and each
 * number is taken as a message, is in one gap, or ended with its subscription.
 */
class OutboundQueuePropertyTests extends VirtualHubFixture<MemoryBroker> {

	private static final int MAX_MESSAGES = 5;

	private static final int MAX_BYTES = 200;

	private static final int OWNERS = 3;

	private static final List<String> REASONS = List.of(Gap.OVERFLOW, Gap.EXCLUDED, Gap.SAMPLED);

	private @Nullable Subscriber subscriber;

	OutboundQueuePropertyTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
	}

	@Test
	void rule3_isAListWhoseDroppedMessagesAreGaps() {
		this.listener = new Live();
		subscribed("a");
		settle();
		Property.holdsForSequences(2_000, 60, OutboundQueuePropertyTests::step, (steps) -> {
			Run run = new Run();
			steps.forEach(run::step);
			run.end();
		});
	}

	private Subscriber live() {
		return Objects.requireNonNull(this.subscriber);
	}

	/** What the node counts at the end of a pass of the shard. */
	private long queuedBytes() {
		shard(this.hub).execute(() -> {
		});
		settle();
		return this.hub.stats().queuedBytes();
	}

	private static Step step(RandomGenerator random) {
		What what = What.values()[random.nextInt(What.values().length)];
		return new Step((random.nextInt(3) == 0) ? What.ADD : what, random.nextInt(OWNERS), random.nextInt(1, 90));
	}

	private enum What {

		ADD, ADD_OTHER, POLL, DROP_OLDEST, DROP_OLDER_OF_KEY, ADD_GAP, ADD_RANGE, BEGIN_EPOCH, REMOVE_ALL, PASS, TAKEN,
		WRITTEN, CLEAR

	}

	/**
	 * One call.
	 *
	 * @param owner the subscription
	 * @param number decides the rest: a size, a key, a reason
	 */
	private record Step(What what, int owner, int number) {
	}

	/**
	 * What waits in the list: one number, or a frame without one, whose owner is -1.
	 *
	 * @param frame null once it is dropped
	 */
	private record Waiting(int owner, String epoch, long seq, @Nullable Frame frame, @Nullable String key,
			String reason) {

		boolean isOf(int owner) {
			return this.owner == owner;
		}

		Waiting dropped(String reason) {
			return new Waiting(this.owner, this.epoch, this.seq, null, null, reason);
		}

		/** Whether both dropped numbers are in one gap. */
		boolean joins(Waiting next) {
			return this.frame == null && next.frame == null && this.epoch.equals(next.epoch)
					&& this.reason.equals(Gap.EPOCH_CHANGED) == next.reason.equals(Gap.EPOCH_CHANGED);
		}

	}

	/** A queue and the list. */
	private final class Run {

		private final OutboundQueue queue = new OutboundQueue(MAX_MESSAGES, MAX_BYTES, shard(hub).counters());

		private List<Subscriber> owners = subscribers(live());

		private final List<Waiting> list = new ArrayList<>();

		private final Map<Integer, List<Long>> given = new HashMap<>();

		private final Map<Integer, List<Long>> accounted = new HashMap<>();

		private final Map<Integer, Position> last = new HashMap<>();

		/** On the node, before anything was in this queue. */
		private final long queuedBytes = queuedBytes();

		private int writingMessages;

		private int writingBytes;

		private static List<Subscriber> subscribers(Subscriber live) {
			return IntStream.range(0, OWNERS)
				.mapToObj((i) -> new Subscriber("s" + i, live.connection(), live.feed, TopicPolicy.DEFAULT, true))
				.toList();
		}

		void step(Step step) {
			int number = step.number();
			int owner = step.owner();
			switch (step.what()) {
				case ADD -> add(owner, number);
				case ADD_OTHER -> {
					Frame frame = Frame.of(new byte[number]);
					this.queue.add(frame, null);
					this.list.add(new Waiting(-1, "", 0, frame, null, ""));
				}
				case POLL -> poll();
				case DROP_OLDEST -> dropOldest(owner);
				case DROP_OLDER_OF_KEY -> dropOlderOfKey(owner, number);
				case ADD_GAP -> {
					Position position = next(owner);
					this.queue.addGap(this.owners.get(owner), position);
					this.list.add(new Waiting(owner, position.epoch(), position.seq(), null, null, Gap.OVERFLOW));
				}
				case ADD_RANGE -> addRange(owner, number % 4 + 1, REASONS.get(number % REASONS.size()));
				case BEGIN_EPOCH -> {
					int epoch = Integer.parseInt(position(owner).epoch().substring(1)) + 1;
					this.last.put(owner, new Position("e" + epoch, 1_000L * epoch));
					addRange(owner, number % 3 + 1, Gap.EPOCH_CHANGED);
				}
				case REMOVE_ALL -> removeAll(owner);
				case PASS -> {
					this.queue.pass(2, number);
					this.writingMessages += 2;
					this.writingBytes += number;
				}
				case TAKEN -> {
					this.queue.taken(number);
					this.writingBytes = number;
				}
				case WRITTEN -> {
					this.queue.written();
					this.writingMessages = 0;
					this.writingBytes = 0;
				}
				case CLEAR -> clear();
			}
			compare();
		}

		private Position position(int owner) {
			return this.last.computeIfAbsent(owner, (key) -> new Position("e0", 0));
		}

		/** The next number of the subscription's topic. */
		private Position next(int owner) {
			Position position = position(owner);
			Position next = position.withSeq(position.seq() + 1);
			this.last.put(owner, next);
			this.given.computeIfAbsent(owner, (key) -> new ArrayList<>()).add(next.seq());
			return next;
		}

		private void add(int owner, int number) {
			Position position = next(owner);
			TopicMessage message = message(position, number);
			Frame frame = Objects
				.requireNonNull(new EncodedMessage(message, encoder).frame(this.owners.get(owner).id(), shard(hub)));
			this.queue.add(frame, this.owners.get(owner));
			String key = message.isImportant() ? null : message.content().headers().get(DeliveryRate.KEY);
			this.list.add(new Waiting(owner, position.epoch(), position.seq(), frame, key, ""));
		}

		private TopicMessage message(Position position, int number) {
			Map<String, String> headers = (number % 4 == 0) ? Map.of()
					: (number % 4 == 1) ? Map.of(DeliveryRate.KEY, "k" + number % 3, Content.IMPORTANT, "true")
							: Map.of(DeliveryRate.KEY, "k" + number % 3);
			Content content = Content.of(new byte[number], Content.BINARY, null, headers);
			return new TopicMessage(ROOM, position, 0, null, content, null, 0);
		}

		private void addRange(int owner, int count, String reason) {
			List<Position> positions = IntStream.range(0, count).mapToObj((i) -> next(owner)).toList();
			Position first = positions.get(0);
			EncodedGap gap = new EncodedGap(ROOM, first.epoch(), first.seq(), positions.get(count - 1).seq(), reason,
					encoder);
			this.queue.addGap(this.owners.get(owner), gap, first.seq());
			positions
				.forEach((each) -> this.list.add(new Waiting(owner, each.epoch(), each.seq(), null, null, reason)));
		}

		private void poll() {
			Object taken = this.queue.poll();
			if (this.list.isEmpty()) {
				assertThat(taken).isNull();
				return;
			}
			Waiting first = this.list.remove(0);
			if (first.frame() != null) {
				assertThat(taken).isSameAs(first.frame());
				this.writingMessages++;
				this.writingBytes += first.frame().size();
				if (first.owner() >= 0) {
					accounted(first);
				}
				return;
			}
			List<Waiting> range = new ArrayList<>(List.of(first));
			this.list.stream().filter((each) -> each.isOf(first.owner())).takeWhile(first::joins).forEach(range::add);
			this.list.removeAll(range);
			range.forEach(this::accounted);
			List<String> reasons = range.stream().map(Waiting::reason).distinct().toList();
			Gap gap = new Gap("s" + first.owner(), ROOM, first.epoch(), first.seq(), range.get(range.size() - 1).seq(),
					(reasons.size() == 1) ? reasons.get(0) : Gap.OVERFLOW);
			assertThat(taken).isInstanceOf(DroppedRange.class);
			assertThat(((DroppedRange) taken).frame(shard(hub), encoder).text())
				.isEqualTo(new String(encoder.gap(gap), StandardCharsets.UTF_8));
		}

		private void accounted(Waiting waiting) {
			this.accounted.computeIfAbsent(waiting.owner(), (key) -> new ArrayList<>()).add(waiting.seq());
		}

		private void dropOldest(int owner) {
			boolean dropped = this.queue.dropOldest(this.owners.get(owner));
			for (int i = 0; i < this.list.size(); i++) {
				Waiting each = this.list.get(i);
				if (each.isOf(owner) && each.frame() != null) {
					assertThat(dropped).isTrue();
					this.list.set(i, each.dropped(Gap.OVERFLOW));
					return;
				}
			}
			assertThat(dropped).isFalse();
		}

		private void dropOlderOfKey(int owner, int number) {
			TopicMessage newer = message(new Position("e0", 0), number);
			Frame frame = Objects
				.requireNonNull(new EncodedMessage(newer, encoder).frame(this.owners.get(owner).id(), shard(hub)));
			int dropped = this.queue.dropOlderOfKey(this.owners.get(owner), frame);
			String key = newer.isImportant() ? null : newer.content().headers().get(DeliveryRate.KEY);
			int expected = 0;
			for (int i = 0; key != null && i < this.list.size(); i++) {
				Waiting each = this.list.get(i);
				if (each.isOf(owner) && key.equals(each.key())) {
					expected++;
					this.list.set(i, each.dropped(Gap.CONFLATED));
				}
			}
			assertThat(dropped).isEqualTo(expected);
		}

		private void removeAll(int owner) {
			this.queue.removeAll(this.owners.get(owner));
			this.list.stream().filter((each) -> each.isOf(owner)).forEach(this::accounted);
			this.list.removeIf((each) -> each.isOf(owner));
		}

		private void clear() {
			this.queue.clear();
			this.list.stream().filter((each) -> each.owner() >= 0).forEach(this::accounted);
			this.list.clear();
			// the connection has ended, and with it its subscriptions
			this.owners = subscribers(live());
			this.writingMessages = 0;
			this.writingBytes = 0;
		}

		private void compare() {
			int bytes = this.list.stream().mapToInt(OutboundQueuePropertyTests::size).sum() + this.writingBytes;
			// a gap counts as one
			int count = this.writingMessages
					+ (int) LongStream.range(0, this.list.size()).filter((i) -> isHead((int) i)).count();
			boolean countFits = count < MAX_MESSAGES;
			assertThat(this.queue.isEmpty()).isEqualTo(this.list.isEmpty());
			assertThat(this.queue.hasRoom(MAX_BYTES - bytes)).as("%s things wait", count)
				.isEqualTo(count == 0 || countFits);
			assertThat(this.queue.hasRoom(MAX_BYTES - bytes + 1)).as("%s bytes wait", bytes).isEqualTo(count == 0);
			assertThat(this.queue.isHalfEmpty()).isEqualTo(count * 2 < MAX_MESSAGES && bytes * 2 < MAX_BYTES);
			for (int i = 0; i < OWNERS; i++) {
				int owner = i;
				List<Waiting> own = this.list.stream().filter((each) -> each.isOf(owner)).toList();
				Subscriber subscriber = this.owners.get(i);
				assertThat(this.queue.holds(subscriber)).isEqualTo(!own.isEmpty());
				assertThat(subscriber.waitingMessages)
					.isEqualTo(own.stream().filter((each) -> each.frame() != null).count());
				assertThat(subscriber.waitingBytes)
					.isEqualTo(own.stream().mapToInt(OutboundQueuePropertyTests::size).sum());
			}
		}

		/** Whether it is a frame or the first number of a gap. */
		private boolean isHead(int index) {
			Waiting each = this.list.get(index);
			for (int i = index - 1; i >= 0; i--) {
				if (this.list.get(i).isOf(each.owner())) {
					return each.owner() < 0 || !this.list.get(i).joins(each);
				}
			}
			return true;
		}

		void end() {
			while (!this.list.isEmpty()) {
				poll();
				compare();
			}
			assertThat(this.queue.poll()).isNull();
			assertThat(this.accounted).isEqualTo(this.given);
			this.queue.clear();
			assertThat(queuedBytes()).isEqualTo(this.queuedBytes);
		}

	}

	/** Keeps the hub's subscriber. */
	private final class Live implements ConnectionListener {

		@Override
		public void onLive(Subscriber live) {
			OutboundQueuePropertyTests.this.subscriber = live;
		}

		@Override
		public void onEnd(Subscriber ended) {
		}

		@Override
		public void onClosed(Connection connection) {
		}

	}

	private static int size(Waiting waiting) {
		return (waiting.frame() != null) ? waiting.frame().size() : 0;
	}

}
