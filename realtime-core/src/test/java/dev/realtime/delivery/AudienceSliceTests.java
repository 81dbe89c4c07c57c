package dev.realtime.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeOutcome;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.Subscriber;
import dev.realtime.connection.Transport;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubFixture;
import dev.realtime.hub.HubOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A large audience is served in slices, between which anything may happen. */
class AudienceSliceTests {

	private static final Topic ROOM = Topic.of("room.42");

	private static final int SLICES = 3;

	private static final Topic QUIET = Topic.of("room.quiet");

	/** They take a good part of a second to be written by a real node. */
	private static final int MANY_SLICES = 20_000;

	private static final int MANY = SLICES * Slice.MOST - 7;

	private final MemoryBroker broker = new MemoryBroker(Clock.systemUTC());

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), this.broker, new PlainEncoder(),
			TopicPolicies.all(TopicPolicy.DEFAULT), ConnectionListener.NONE);

	private final DeliveryShard shard = HubFixture.shard(this.hub);

	AudienceSliceTests() {
		this.broker.start(this.hub);
		this.hub.start();
	}

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
	}

	@Test
	void otherTasksOfTheShardRunBetweenTheSlicesOfAMessage() throws Exception {
		List<Checking> audience = join(MANY);
		AtomicInteger served = new AtomicInteger();
		Audience large = HubFixture.audience(Objects.requireNonNull(audience.get(0).subscriber));
		CountDownLatch hold = hold();
		publish();
		this.shard.execute(new Runnable() {
			@Override
			public void run() {
				served.compareAndSet(0, large.left());
				if (served.get() == 0 && audience.get(0).last == 0) {
					AudienceSliceTests.this.shard.execute(this);
				}
			}
		});
		hold.countDown();
		await().untilAsserted(() -> assertThat(audience).allMatch((each) -> each.last == 1));
		assertThat(served.get()).isBetween(MANY - Slice.MOST, MANY - Slice.PART);
	}

	@Test
	void writesOfOthersAreNotHeldUpByAnAudienceThatFillsAWholePass() throws Exception {
		List<Checking> audience = join(WriteSchedule.MAX_OFFERS + 10);
		RecordingTransport other = new RecordingTransport();
		Connection connection = this.hub.connect("other", other);
		CountDownLatch hold = hold();
		publish();
		connection.send(Frame.of(new byte[] { 'x' }));
		AtomicInteger served = new AtomicInteger();
		hold.countDown();
		await().pollInterval(Duration.ofMillis(1)).until(() -> {
			served.set((int) audience.stream().filter((each) -> each.last == 1).count());
			return !other.frames.isEmpty();
		});
		assertThat(served.get()).isLessThan(audience.size());
		await().untilAsserted(() -> assertThat(audience).allMatch((each) -> each.last == 1));
	}

	@Test
	void aMessageOfAQuietTopicIsWrittenWhileOneOfAHotTopicIsDelivered() {
		List<Checking> hot = join(MANY_SLICES);
		Checking quiet = new Checking(-1);
		quiet.connection = this.hub.connect("quiet", quiet);
		quiet.connection.subscribe(new SubscribeRequest("sub-0", QUIET, null, 0, "r"));
		await().until(() -> quiet.last == 0);
		AtomicLong written = new AtomicLong();
		quiet.whenWritten = () -> written.set(served(hot));
		hot.get(MANY_SLICES / 2).whenWritten = () -> {
			publish(QUIET);
		};

		publish();

		await().untilAsserted(() -> assertThat(hot).allMatch((each) -> each.last == 1));
		assertThat(quiet.last).isEqualTo(1);
		assertThat(written.get()).isBetween(MANY_SLICES / 2L, MANY_SLICES / 2L + 1_000);
	}

	private static long served(List<Checking> audience) {
		return audience.stream().filter((each) -> each.last == 1).count();
	}

	@RepeatedTest(3)
	void rule3_subscribersThatComeAndGoBetweenSlicesAreServedExactly() throws Exception {
		Random random = new Random();
		List<Checking> all = new ArrayList<>(join(MANY));
		List<Checking> stayed = new ArrayList<>(all);
		Position before = publish();
		await().until(() -> all.stream().allMatch((each) -> each.last == 1));
		for (int round = 0; round < 8; round++) {
			CountDownLatch hold = hold();
			before = publish();
			for (int i = 0; i < 60; i++) {
				switch (random.nextInt(6)) {
					case 0 -> publish();
					case 1 -> stayed.add(add(all, "new", null));
					// In the middle of a step it joins the audience as soon as it has
					// read.
					case 2 -> stayed.add(add(all, "back", before));
					case 3 -> pause(random);
					default -> {
						Checking leaving = stayed.remove(random.nextInt(stayed.size()));
						leaving.connection().unsubscribe("sub-0");
					}
				}
			}
			hold.countDown();
		}
		long last = publish().seq();
		await().atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(stayed.stream().filter((each) -> each.last != last).map(Object::toString))
				.isEmpty());
		assertThat(all).extracting((each) -> each.wrong).containsOnlyNulls();
	}

	/** Lets the shard do a part of what waits. */
	private void pause(Random random) {
		if (random.nextInt(4) == 0) {
			long until = System.nanoTime() + random.nextInt(500_000);
			while (System.nanoTime() < until) {
				Thread.onSpinWait();
			}
		}
	}

	private List<Checking> join(int count) {
		List<Checking> all = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			add(all, "c", null);
		}
		await().until(() -> this.hub.stats().recoveries(SubscribeOutcome.Recovery.NOT_ASKED) == count);
		return all;
	}

	private Checking add(List<Checking> all, String name, @Nullable Position resume) {
		Checking made = new Checking((resume != null) ? resume.seq() : -1);
		String id = name + all.size();
		made.connection = this.hub.connect(id, made);
		made.subscriber = made.connection.subscribe(new SubscribeRequest("sub-0", ROOM, resume, 0, "r"));
		all.add(made);
		return made;
	}

	private Position publish() {
		return publish(ROOM);
	}

	private Position publish(Topic topic) {
		return this.broker.publish(Publication.of(topic, Content.text("m")), TopicPolicy.DEFAULT)
			.toCompletableFuture()
			.join()
			.position();
	}

	private CountDownLatch hold() throws InterruptedException {
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch hold = new CountDownLatch(1);
		this.shard.execute(() -> {
			held.countDown();
			try {
				hold.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		held.await();
		return hold;
	}

	/** A socket that expects one number after the other. */
	private static final class Checking implements Transport {

		volatile long last;

		volatile @Nullable String wrong;

		/** Runs once a message was written, on the shard. */
		volatile Runnable whenWritten = () -> {
		};

		@Nullable Connection connection;

		@Nullable Subscriber subscriber;

		Checking(long last) {
			this.last = last;
		}

		Connection connection() {
			return Objects.requireNonNull(this.connection);
		}

		@Override
		public void write(Batch batch, Completion done) {
			for (Frame frame : batch.frames()) {
				String[] parts = String.valueOf(frame.text()).split(" ", -1);
				if (parts[0].equals("receipt")) {
					this.last = (this.last < 0) ? Long.parseLong(parts[2]) : this.last;
				}
				else {
					long seq = Long.parseLong(parts[2]);
					this.wrong = (seq == this.last + 1) ? this.wrong : frame.text() + " after " + this.last;
					this.last = seq;
					this.whenWritten.run();
				}
			}
			done.done(null);
		}

		@Override
		public String toString() {
			return connection().id() + " at " + this.last + " " + this.wrong;
		}

		@Override
		public int batchBytes() {
			return 8_192;
		}

		@Override
		public void close(CloseReason reason) {
			if (!reason.equals(CloseReason.RESTART)) {
				this.wrong = reason.toString();
			}
		}

	}

}
