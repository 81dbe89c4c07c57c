package dev.realtime.unread;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

	private final List<Unread> told = Collections.synchronizedList(new ArrayList<>());

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
		Await.until(() -> assertThat(this.told).hasSize(400));
		this.told.clear();
		int lookedUp = this.positions.lookUps.get();
		publish();
		Await.until(() -> assertThat(this.told).hasSize(400));

		assertThat(this.positions.lookUps).hasValue(lookedUp + 1);
	}

	@Test
	void manyWhoReturnAreLookedUpWithFewQuestions() {
		AtomicInteger many = new AtomicInteger();
		Set<Topic> topics = IntStream.range(0, 3)
			.mapToObj((i) -> Topic.of(this.topic.name() + '.' + i))
			.collect(Collectors.toSet());
		this.positions.hold();
		this.watch.watch("first", Set.of(this.topic), this.told::add);
		this.positions.awaitHeld();
		for (int i = 0; i < 20_000; i++) {
			this.watch.watch("user." + i, topics, (unread) -> many.incrementAndGet());
		}
		int asked = this.positions.questions.get() + this.positions.lookUps.get();
		this.positions.release();
		Await.until(() -> assertThat(many).hasValue(60_000));

		assertThat(this.positions.questions.get() + this.positions.lookUps.get() - asked).isLessThan(120);
	}

	@Test
	void aUserWhoComesDuringALookIsLookedUpOnce() {
		this.positions.hold();
		this.watch.watch("ann", Set.of(this.topic), this.told::add);
		this.positions.awaitHeld();
		this.watch.watch("bob", Set.of(this.topic), this.told::add);
		this.positions.release();
		Await.until(() -> assertThat(this.told).hasSize(2));
		int asked = this.positions.questions.get();
		Await.until(() -> assertThat(this.positions.questions).hasValueGreaterThan(asked + 5));

		assertThat(this.positions.pairs).containsExactlyInAnyOrder(new UserTopic("ann", this.topic),
				new UserTopic("bob", this.topic));
	}

	@Test
	void whoLeavesBeforeTheFirstLookIsNotLookedUp() {
		this.positions.hold();
		this.watch.watch("ann", Set.of(this.topic), this.told::add);
		this.positions.awaitHeld();
		this.watch.watch("bob", Set.of(this.topic), this.told::add).close();
		this.positions.release();
		int asked = this.positions.questions.get();
		Await.until(() -> assertThat(this.positions.questions).hasValueGreaterThan(asked + 5));

		assertThat(this.positions.pairs).containsExactly(new UserTopic("ann", this.topic));
		assertThat(this.watch.watching()).isEqualTo(1);
	}

	@Test
	void rule9_aUserForWhomTheStoreFailsKeepsNoOtherWaiting() {
		this.positions.broken = (pair) -> pair.user().equals("user.7");
		for (int i = 0; i < 1_000; i++) {
			this.watch.watch("user." + i, Set.of(this.topic), this.told::add);
		}
		Await.until(() -> assertThat(this.told).hasSize(999));

		publish();
		Await.until(() -> assertThat(this.told).hasSize(2 * 999));
		this.positions.broken = (pair) -> false;
		Await.until(() -> assertThat(this.told).hasSize(2 * 999 + 1));
	}

	@Test
	void rule9_aTopicForWhichTheStoreFailsKeepsNoOtherWaiting() {
		Topic broken = Messages.topic();
		this.positions.broken = (pair) -> pair.topic().equals(broken);
		for (int i = 0; i < 20; i++) {
			this.watch.watch("user." + i, Set.of(this.topic, broken), this.told::add);
		}
		Await.until(() -> assertThat(this.told).hasSize(20));

		publish();
		Await.until(() -> assertThat(this.told).hasSize(40));
		assertThat(this.told).extracting(Unread::topic).containsOnly(this.topic);
	}

	@Test
	void rule9_aUserWhoseMovesCannotBeReadKeepsNoOtherWaiting() {
		for (int i = 0; i < 20; i++) {
			this.watch.watch("user." + i, Set.of(this.topic), this.told::add);
		}
		Await.until(() -> assertThat(this.told).hasSize(20));

		this.positions.brokenMoves = "user.3";
		this.positions.moved = "user.4";

		Await.until(() -> assertThat(this.positions.pairs).hasSize(21));
		assertThat(this.positions.pairs).last().isEqualTo(new UserTopic("user.4", this.topic));
	}

	@Test
	void whatWasLookedUpIsNotAskedAgainWhenAnotherQuestionFails() {
		this.positions.broken = (pair) -> pair.user().equals("user.9");
		Set<Topic> topics = IntStream.range(0, 100)
			.mapToObj((i) -> Topic.of(this.topic.name() + '.' + i))
			.collect(Collectors.toSet());
		for (int i = 0; i < 200; i++) {
			this.watch.watch("user." + i, topics, this.told::add);
		}

		Await.until(() -> assertThat(this.told).hasSizeGreaterThanOrEqualTo(199 * 100));
		assertThat(Set.copyOf(this.positions.pairs)).hasSameSizeAs(this.positions.pairs);
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

		/** What was looked up, each time. */
		private final List<UserTopic> pairs = Collections.synchronizedList(new ArrayList<>());

		private final CountDownLatch held = new CountDownLatch(1);

		private volatile @Nullable CompletableFuture<Boolean> holding;

		/** For these every question fails. */
		private volatile Predicate<UserTopic> broken = (pair) -> false;

		private volatile String brokenMoves = "";

		private volatile String moved = "";

		private volatile boolean away;

		private volatile boolean failing;

		@Override
		public CompletionStage<Unread> markRead(String user, Topic topic, @Nullable Position position) {
			return CompletableFuture.failedFuture(new UnsupportedOperationException());
		}

		@Override
		public CompletionStage<List<Unread>> unread(String user, List<Topic> topics) {
			return CompletableFuture.failedFuture(new UnsupportedOperationException());
		}

		@Override
		public CompletionStage<List<Unread>> unread(List<UserTopic> asked) {
			this.lookUps.incrementAndGet();
			if (this.away || asked.stream().anyMatch(this.broken)) {
				return CompletableFuture.failedFuture(new IllegalStateException("broken"));
			}
			this.pairs.addAll(asked);
			List<Topic> topics = asked.stream().map(UserTopic::topic).distinct().toList();
			return UnreadWatchTests.this.broker.log()
				.heads(topics)
				.thenApply((heads) -> asked.stream()
					.map((pair) -> all(pair.topic(), heads.get(topics.indexOf(pair.topic()))))
					.toList());
		}

		@Override
		public CompletionStage<List<Long>> moves(List<String> users) {
			this.questions.incrementAndGet();
			if (this.holding != null) {
				this.held.countDown();
				Await.result(this.holding);
			}
			if (this.failing) {
				throw new OutOfMemoryError("simulated");
			}
			if (this.away || users.contains(this.brokenMoves)) {
				return CompletableFuture.failedFuture(new IllegalStateException("away"));
			}
			return CompletableFuture
				.completedFuture(users.stream().map((user) -> user.equals(this.moved) ? 1L : 0L).toList());
		}

		/** Gives no answer until it is released. */
		private void hold() {
			this.holding = new CompletableFuture<>();
		}

		private void awaitHeld() {
			Await.until(() -> assertThat(this.held.getCount()).isZero());
		}

		private void release() {
			CompletableFuture<Boolean> held = Objects.requireNonNull(this.holding);
			this.holding = null;
			held.complete(true);
		}

		private Unread all(Topic topic, Position head) {
			return new Unread(topic, head, 0, head.seq());
		}

	}

}
