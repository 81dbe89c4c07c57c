package dev.realtime.node;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.log.LogPage;
import dev.realtime.presence.Presence;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two nodes tell one number where members are too many, and when to read them anew. */
class CrowdCountsTests {

	private static final Topic ROOM = Topic.of("room.42");

	private static final Duration INTERVAL = Duration.ofMillis(300);

	private final MemoryBroker broker = new MemoryBroker(Clock.systemUTC());

	private final Crowd crowd = new Crowd();

	private final PresenceTracking one = node();

	private final PresenceTracking two = node();

	CrowdCountsTests() {
		this.broker.start(new Messages.Heard());
		this.one.start();
		this.two.start();
	}

	@AfterEach
	void close() {
		this.one.close();
		this.two.close();
		this.broker.close();
	}

	@Test
	void eachJoinAndLeaveIsToldUpToTheBound() {
		join(this.one);
		join(this.two);
		join(this.one);
		leave(this.two);
		await().during(INTERVAL.multipliedBy(2))
			.untilAsserted(() -> assertThat(types()).containsExactly("join", "join", "join", "leave"));
	}

	@Test
	void beyondTheBoundTheFleetTellsOneNumberAnIntervalAndTheLastOneIsRight() {
		long began = System.nanoTime();
		for (int i = 0; i < 60; i++) {
			join((i % 2 == 0) ? this.one : this.two);
			java.util.concurrent.locks.LockSupport.parkNanos(15_000_000);
		}
		await().untilAsserted(() -> assertThat(last()).isEqualTo("{\"event\":\"count\",\"count\":60}"));
		long intervals = Duration.ofNanos(System.nanoTime() - began).dividedBy(INTERVAL) + 2;
		assertThat(types().subList(0, 4)).containsExactly("join", "join", "join", "count");
		assertThat(types()).filteredOn("count"::equals).hasSizeBetween(2, (int) intervals);
		int told = types().size();
		await().during(INTERVAL.multipliedBy(2)).untilAsserted(() -> assertThat(types()).hasSize(told));
	}

	@Test
	void belowTheBoundAgainOneResetIsToldAndThenDiffs() {
		for (int i = 0; i < 5; i++) {
			join(this.one);
		}
		leave(this.one);
		leave(this.one);
		await().untilAsserted(() -> assertThat(last()).isEqualTo("{\"event\":\"reset\",\"count\":3}"));
		leave(this.two);
		join(this.two);
		assertThat(types()).containsSubsequence("count", "reset", "leave", "join");
		await().during(INTERVAL.multipliedBy(2))
			.untilAsserted(() -> assertThat(types()).filteredOn("reset"::equals).hasSize(1));
	}

	@Test
	void whatCouldNotBeToldIsToldLater() {
		this.crowd.away = true;
		for (int i = 0; i < 5; i++) {
			join(this.one);
		}
		leave(this.one);
		leave(this.one);
		await().during(INTERVAL.multipliedBy(2)).untilAsserted(() -> assertThat(types()).doesNotContain("reset"));
		this.crowd.away = false;
		await().untilAsserted(() -> assertThat(types()).endsWith("reset"));
	}

	@RepeatedTest(20)
	void aNumberThatIsStoredAfterTheCrowdHasGoneIsFollowedByAReset() {
		for (int i = 0; i < 4; i++) {
			join(this.one);
		}
		// The other node finds the way back at the same moment.
		leave(this.two);
		await().untilAsserted(() -> assertThat(types()).endsWith("reset"));
	}

	@Test
	void aNodeThatClosesSettlesWhatItNoted() {
		for (int i = 0; i < 4; i++) {
			join(this.one);
		}
		leave(this.two);
		this.two.close();
		assertThat(types()).endsWith("reset");
	}

	private PresenceTracking node() {
		return new PresenceTracking(this.crowd, this::publish, new PresenceLimits(3, INTERVAL));
	}

	private CompletionStage<PublishReceipt> publish(Publication publication) {
		return this.broker.publish(publication, TopicPolicy.DEFAULT);
	}

	private void join(PresenceTracking node) {
		node.onJoin(ROOM, "ann", this.crowd.members.incrementAndGet());
	}

	private void leave(PresenceTracking node) {
		node.onLeave(ROOM, "ann", this.crowd.members.decrementAndGet());
	}

	private List<TopicMessage> told() {
		LogPage page = this.broker.log().readBefore(PresenceTopics.of(ROOM), null, 1_000).toCompletableFuture().join();
		return Messages.found(page).messages();
	}

	private List<String> types() {
		return told().stream().map((message) -> String.valueOf(message.content().type())).toList();
	}

	private String last() {
		List<TopicMessage> all = told();
		return all.isEmpty() ? "" : all.get(all.size() - 1).content().text();
	}

	/** Knows how many there are, and nothing else. */
	private static final class Crowd implements Presence {

		private final AtomicLong members = new AtomicLong();

		private volatile boolean away;

		@Override
		public void start(Listener listener) {
		}

		@Override
		public CompletionStage<Void> enter(Topic topic, String user, String connection) {
			return CompletableFuture.completedStage(null);
		}

		@Override
		public CompletionStage<Void> leave(Topic topic, String user, String connection) {
			return CompletableFuture.completedStage(null);
		}

		@Override
		public CompletionStage<List<Member>> members(Topic topic, int limit) {
			return CompletableFuture.completedStage(List.of());
		}

		@Override
		public CompletionStage<Long> count(Topic topic) {
			return this.away ? CompletableFuture.failedStage(new IllegalStateException("away"))
					: CompletableFuture.completedStage(this.members.get());
		}

		@Override
		public CompletionStage<Set<String>> present(Topic topic, Collection<String> users) {
			return CompletableFuture.completedStage(Set.of());
		}

		@Override
		public void close() {
		}

	}

}
