package dev.realtime.unread;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.loop.Loops;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How the watch looks, and what it does when there is no answer. */
class UnreadWatchTests {

	private final Topic topic = Messages.topic();

	private final MemoryBroker broker = new MemoryBroker(Clock.systemUTC());

	private final Positions positions = new Positions();

	private final UnreadWatch watch = new UnreadWatch(this.positions, this.broker.log(), Duration.ofMillis(10),
			new Loops());

	private final List<Unread> told = new CopyOnWriteArrayList<>();

	@BeforeEach
	void start() {
		this.broker.start(new Messages.Heard());
		this.watch.start();
	}

	@AfterEach
	void close() {
		this.watch.close();
		this.watch.close();
		this.broker.close();
	}

	private void publish() {
		Await.result(this.broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT));
	}

	@Test
	void whatChangedWhileTheStoreWasAwayIsToldWhenItIsBack() {
		this.watch.watch("ann", Set.of(this.topic), this.told::add);
		Await.until(() -> assertThat(this.told).hasSize(1));
		this.positions.away = true;
		publish();
		int failures = this.positions.questions.get();
		Await.until(() -> assertThat(this.positions.questions).hasValueGreaterThan(failures + 5));
		assertThat(this.told).hasSize(1);

		this.positions.away = false;

		Await.until(() -> assertThat(this.told).extracting(Unread::unread).containsExactly(0L, 1L));
	}

	@Test
	void whoComesWhileTheStoreIsAwayIsToldWhenItIsBack() {
		this.positions.away = true;
		this.watch.watch("ann", Set.of(this.topic), this.told::add);
		Await.until(() -> assertThat(this.positions.questions).hasValueGreaterThan(5));

		this.positions.away = false;

		Await.until(() -> assertThat(this.told).extracting(Unread::unread).containsExactly(0L));
	}

	@Test
	void aQuietTopicIsNotLookedUpAgain() {
		this.watch.watch("ann", Set.of(this.topic), this.told::add);
		Await.until(() -> assertThat(this.told).hasSize(1));
		int lookedUp = this.positions.lookUps.get();
		int asked = this.positions.questions.get();
		Await.until(() -> assertThat(this.positions.questions).hasValueGreaterThan(asked + 20));

		assertThat(this.positions.lookUps).hasValue(lookedUp);
	}

	@Test
	void allUsersOfABusyTopicAreLookedUpAtOnce() {
		for (int i = 0; i < 400; i++) {
			this.watch.watch("user." + i, Set.of(this.topic), this.told::add);
		}
		Await.until(() -> assertThat(this.told).hasSizeGreaterThanOrEqualTo(400));
		awaitLooksWithoutLookUps();
		this.told.clear();
		int lookedUp = this.positions.lookUps.get();
		publish();
		Await.until(() -> assertThat(this.told).hasSize(400));

		assertThat(this.positions.lookUps).hasValue(lookedUp + 1);
	}

	/** A user who comes during a look is looked up in that look and again in the next. */
	private void awaitLooksWithoutLookUps() {
		AtomicInteger lookedUp = new AtomicInteger(-1);
		AtomicInteger since = new AtomicInteger();
		Await.until(() -> {
			if (lookedUp.getAndSet(this.positions.lookUps.get()) != this.positions.lookUps.get()) {
				since.set(this.positions.questions.get());
			}
			assertThat(this.positions.questions).hasValueGreaterThan(since.get() + 2);
		});
	}

	@Test
	void rule9_anErrorOfTheStoreEndsOneLookAlone() {
		this.positions.failing = true;
		this.watch.watch("ann", Set.of(this.topic), this.told::add);
		Await.until(() -> assertThat(this.positions.questions).hasValueGreaterThan(5));

		this.positions.failing = false;

		Await.until(() -> assertThat(this.told).extracting(Unread::unread).containsExactly(0L));
	}

	@Test
	void rule9_anErrorOfAWatcherCostsThatWatcherAlone() {
		this.watch.watch("ann", Set.of(this.topic), (unread) -> {
			throw new NoClassDefFoundError("simulated");
		});
		this.watch.watch("ann", Set.of(this.topic), this.told::add);
		this.watch.watch("bob", Set.of(this.topic), this.told::add);
		Await.until(() -> assertThat(this.told).extracting(Unread::unread).containsExactly(0L, 0L));

		publish();

		Await.until(() -> assertThat(this.told).extracting(Unread::unread).containsExactly(0L, 0L, 1L, 1L));
	}

	/** Nobody ever reads; can be away. */
	private final class Positions implements ReadPositions {

		private final AtomicInteger questions = new AtomicInteger();

		private final AtomicInteger lookUps = new AtomicInteger();

		private volatile boolean away;

		private volatile boolean failing;

		@Override
		public CompletionStage<Unread> markRead(String user, Topic topic, @Nullable Position position) {
			return CompletableFuture.failedFuture(new UnsupportedOperationException());
		}

		@Override
		public CompletionStage<List<Unread>> unread(String user, List<Topic> topics) {
			this.lookUps.incrementAndGet();
			return UnreadWatchTests.this.broker.log()
				.heads(topics)
				.thenApply((heads) -> topics.stream()
					.map((topic) -> all(topic, heads.get(topics.indexOf(topic))))
					.toList());
		}

		@Override
		public CompletionStage<List<Unread>> unreadOf(Topic topic, List<String> users) {
			this.lookUps.incrementAndGet();
			return UnreadWatchTests.this.broker.log()
				.heads(List.of(topic))
				.thenApply((heads) -> users.stream().map((user) -> all(topic, heads.get(0))).toList());
		}

		@Override
		public CompletionStage<List<Long>> moves(List<String> users) {
			this.questions.incrementAndGet();
			if (this.failing) {
				throw new OutOfMemoryError("simulated");
			}
			return this.away ? CompletableFuture.failedFuture(new IllegalStateException("away"))
					: CompletableFuture.completedFuture(users.stream().map((user) -> 0L).toList());
		}

		private Unread all(Topic topic, Position head) {
			return new Unread(topic, head, 0, head.seq());
		}

	}

}
