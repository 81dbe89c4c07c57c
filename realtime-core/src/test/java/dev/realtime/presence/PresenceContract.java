package dev.realtime.presence;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Topic;
import dev.realtime.testing.Await;
import dev.realtime.testing.OddNames;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** What every presence does. Its nodes may be one and the same. */
public abstract class PresenceContract {

	protected static final PresenceOptions SHORT = new PresenceOptions(Duration.ofMillis(200), Duration.ofMillis(100),
			Duration.ofSeconds(1), new PresenceLimits(10_000, Duration.ofSeconds(1)));

	/** As {@link #SHORT}, with few members to a topic. */
	protected static final PresenceOptions CROWDED = SHORT.withLimits(new PresenceLimits(3, Duration.ofMillis(300)));

	protected final Topic topic = Topic.of("room." + UUID.randomUUID());

	/** The first node of the fleet, started. */
	protected abstract Presence first();

	/** Another one if there can be. */
	protected abstract Presence second();

	/** Starts two more nodes of a fleet of their own, which may be one and the same. */
	protected abstract List<? extends Presence> start(PresenceOptions options);

	/** What all nodes published. */
	protected abstract PublishedEvents events();

	@Test
	void tellsAJoinWhenTheFirstConnectionEnters() {
		enter(first(), "ann", "a1");
		await().untilAsserted(() -> assertThat(events().of(this.topic, "ann")).isEqualTo("+"));
		assertThat(members(second())).containsExactly(new Presence.Member("ann", 1));
	}

	@Test
	void topicsWithOddNamesHaveMembersOfTheirOwn() {
		List<Topic> topics = OddNames.topics("n" + UUID.randomUUID().toString().replace("-", ""));
		for (int i = 0; i < topics.size(); i++) {
			Await.result(first().enter(topics.get(i), "user " + i, "c" + i));
		}
		for (int i = 0; i < topics.size(); i++) {
			Topic odd = topics.get(i);
			String user = "user " + i;
			await().untilAsserted(() -> assertThat(events().of(odd, user)).isEqualTo("+"));
			assertThat(Await.result(second().members(odd, 10))).containsExactly(new Presence.Member(user, 1));
		}
	}

	@Test
	void tellsNoSecondJoinForAnotherConnectionElsewhere() {
		enter(first(), "ann", "a1");
		enter(second(), "ann", "a2");
		letTheGracePass();
		assertThat(events().of(this.topic, "ann")).isEqualTo("+");
		assertThat(members(first())).containsExactly(new Presence.Member("ann", 2));
	}

	@Test
	void countsAConnectionThatEntersTwiceOnce() {
		enter(first(), "ann", "a1");
		enter(first(), "ann", "a1");
		assertThat(members(first())).containsExactly(new Presence.Member("ann", 1));
		leave(first(), "ann", "a1");
		assertThat(members(first())).containsExactly(new Presence.Member("ann", 0));
	}

	@Test
	void tellsNothingWhenAUserReloadsWithinTheGrace() {
		enter(first(), "ann", "a1");
		leave(first(), "ann", "a1");
		assertThat(members(first())).containsExactly(new Presence.Member("ann", 0));
		enter(second(), "ann", "a2");
		letTheGracePass();
		assertThat(events().of(this.topic, "ann")).isEqualTo("+");
		assertThat(members(first())).containsExactly(new Presence.Member("ann", 1));
	}

	@Test
	void startsTheGraceAnewWithEachLeave() {
		enter(first(), "ann", "a1");
		for (int i = 0; i < 20; i++) {
			leave(first(), "ann", "a1");
			enter(first(), "ann", "a1");
		}
		letTheGracePass();
		assertThat(events().of(this.topic, "ann")).isEqualTo("+");
	}

	@Test
	void tellsOneLeaveAfterTheGrace() {
		enter(first(), "ann", "a1");
		long left = System.nanoTime();
		leave(first(), "ann", "a1");
		await().untilAsserted(() -> assertThat(events().leaves(this.topic, "ann")).isEqualTo(1));
		assertThat(Duration.ofNanos(System.nanoTime() - left)).isBetween(SHORT.grace(), Duration.ofSeconds(3));
		letTheGracePass();
		assertThat(events().of(this.topic, "ann")).isEqualTo("+-");
		assertThat(members(second())).isEmpty();
	}

	@Test
	void tellsAJoinAgainAfterALeave() {
		enter(first(), "ann", "a1");
		leave(first(), "ann", "a1");
		await().untilAsserted(() -> assertThat(events().leaves(this.topic, "ann")).isEqualTo(1));
		enter(second(), "ann", "a2");
		await().untilAsserted(() -> assertThat(events().of(this.topic, "ann")).isEqualTo("+-+"));
	}

	@Test
	void ignoresLeavesOfUnknownConnections() {
		leave(first(), "ann", "a1");
		enter(first(), "ann", "a2");
		leave(first(), "ann", "a1");
		leave(first(), "bob", "a2");
		letTheGracePass();
		assertThat(members(first())).containsExactly(new Presence.Member("ann", 1));
		assertThat(events().of(this.topic, "bob")).isEmpty();
	}

	@Test
	void keepsTopicsApart() {
		Topic other = Topic.of(this.topic.name() + ".other");
		enter(first(), "ann", "a1");
		join(first().enter(other, "ann", "a1"));
		join(first().leave(other, "ann", "a1"));
		await().untilAsserted(() -> assertThat(events().of(other, "ann")).isEqualTo("+-"));
		assertThat(members(first())).containsExactly(new Presence.Member("ann", 1));
		assertThat(join(first().count(other))).isZero();
	}

	@Test
	void countsAndListsInOrderUpToTheLimit() {
		// In UTF-16 the emoji would come before the last one.
		List<String> users = List.of("Zoe", "ann", "bob", "\u00e9mile", "\uff5e", "\ud83d\ude00");
		for (int i = users.size() - 1; i >= 0; i--) {
			enter((i % 2 == 0) ? first() : second(), users.get(i), "c" + i);
		}
		assertThat(members(first())).extracting(Presence.Member::user).containsExactlyElementsOf(users);
		assertThat(join(second().members(this.topic, 2))).containsExactly(new Presence.Member("Zoe", 1),
				new Presence.Member("ann", 1));
		assertThat(join(second().members(this.topic, 0))).isEmpty();
		assertThat(join(first().count(this.topic))).isEqualTo(6);
	}

	@Test
	void tellsWhoOfTheGivenIsPresent() {
		enter(first(), "ann", "a1");
		enter(second(), "bob", "b1");
		leave(second(), "bob", "b1");
		assertThat(join(first().present(this.topic, List.of("ann", "bob", "cid", "")))).isEqualTo(Set.of("ann", "bob"));
		assertThat(join(first().present(this.topic, List.of()))).isEmpty();
	}

	@Test
	void takesAnyCharactersInNames() {
		List<String> users = List.of("\u0000", "a\u0000b", "a b\r\n*1", "{x}:~+-", "-1", "\ud83d\ude00\u00fc\u4e2d",
				"\ud83d\ude00".repeat(127) + "!");
		for (String user : users) {
			enter(first(), user, "c");
		}
		assertThat(members(second())).extracting(Presence.Member::user).containsExactlyInAnyOrderElementsOf(users);
		for (String user : users) {
			leave(first(), user, "c");
		}
		for (String user : users) {
			await().untilAsserted(() -> assertThat(events().of(this.topic, user)).isEqualTo("+-"));
		}
	}

	@Test
	void publishesEachJoinAndLeaveUpToTheLimit() {
		List<? extends Presence> nodes = start(CROWDED);
		enter(nodes.get(0), "ann", "a");
		enter(nodes.get(1), "bob", "b");
		enter(nodes.get(0), "cid", "c");
		leaveForGood(nodes.get(1), "bob", "b");
		enter(nodes.get(1), "dan", "d");
		await().during(CROWDED.limits().countInterval().multipliedBy(2))
			.untilAsserted(
					() -> assertThat(events().on(this.topic)).containsExactly("+ann", "+bob", "+cid", "-bob", "+dan"));
	}

	@Test
	void publishesOneNumberAnIntervalBeyondTheLimitAndTheLastOneIsRight() {
		List<? extends Presence> nodes = start(CROWDED);
		long began = System.nanoTime();
		for (int i = 0; i < 60; i++) {
			enter(nodes.get(i % 2), "user " + i, "c" + i);
			LockSupport.parkNanos(15_000_000);
		}
		await().untilAsserted(() -> assertThat(events().on(this.topic)).endsWith("count 60"));
		long intervals = Duration.ofNanos(System.nanoTime() - began).dividedBy(CROWDED.limits().countInterval()) + 1;
		List<String> told = events().on(this.topic);
		assertThat(told).startsWith("+user 0", "+user 1", "+user 2", "count 4");
		assertThat(told).hasSizeBetween(3 + 2, 3 + (int) intervals);
		await().during(CROWDED.limits().countInterval().multipliedBy(2))
			.untilAsserted(() -> assertThat(events().on(this.topic)).isEqualTo(told));
	}

	@Test
	void publishesOneResetBelowTheLimitAgainAndThenJoinsAndLeaves() {
		List<? extends Presence> nodes = start(CROWDED);
		for (int i = 0; i < 5; i++) {
			enter(nodes.get(i % 2), "user " + i, "c" + i);
		}
		leaveForGood(nodes.get(0), "user 4", "c4");
		leaveForGood(nodes.get(1), "user 3", "c3");
		await().untilAsserted(() -> assertThat(events().on(this.topic)).endsWith("reset 3"));
		leaveForGood(nodes.get(0), "user 2", "c2");
		enter(nodes.get(1), "ann", "a");
		await().during(CROWDED.limits().countInterval().multipliedBy(2))
			.untilAsserted(() -> assertThat(events().on(this.topic)).endsWith("reset 3", "-user 2", "+ann")
				.filteredOn((event) -> event.startsWith("reset"))
				.hasSize(1));
	}

	@Test
	void publishesTheNumberThatIsLeftWhenACrowdLeavesAtOnce() {
		List<? extends Presence> nodes = start(CROWDED);
		for (int i = 0; i < 20; i++) {
			enter(nodes.get(i % 2), "user " + i, "c" + i);
		}
		for (int i = 0; i < 20; i++) {
			nodes.get(i % 2).leave(this.topic, "user " + i, "c" + i);
		}
		await().untilAsserted(() -> assertThat(join(nodes.get(0).count(this.topic))).isZero());
		await().untilAsserted(
				() -> assertThat(events().on(this.topic)).last().asString().isIn("reset 0", "reset 1", "reset 2"));
		assertThat(replayed(events().on(this.topic))).isZero();
	}

	@Test
	void refusesIllegalNames() {
		for (String user : List.of("", "x".repeat(256), "half \ud83d")) {
			assertThatIllegalArgumentException().isThrownBy(() -> first().enter(this.topic, user, "c"))
				.withMessageContaining("user's name");
		}
	}

	@Test
	void refusesToEnterAfterTheEnd() {
		Presence presence = first();
		presence.close();
		presence.close();
		assertThat(presence.enter(this.topic, "ann", "a1")).isCompletedExceptionally();
	}

	/** How many members there are by the last number and the events after it. */
	protected static long replayed(List<String> events) {
		long members = 0;
		for (String event : events) {
			members = switch (event.charAt(0)) {
				case '+' -> members + 1;
				case '-' -> members - 1;
				default -> Long.parseLong(event.substring(event.indexOf(' ') + 1));
			};
		}
		return members;
	}

	/** Leaves, and returns when the grace is over. */
	private void leaveForGood(Presence node, String user, String connection) {
		leave(node, user, connection);
		await().untilAsserted(() -> assertThat(join(node.present(this.topic, List.of(user)))).isEmpty());
	}

	/** Returns when somebody who leaves now is told to have left. */
	protected final void letTheGracePass() {
		String witness = "witness " + UUID.randomUUID();
		enter(first(), witness, "w");
		leave(first(), witness, "w");
		await().untilAsserted(() -> assertThat(events().of(this.topic, witness)).isEqualTo("+-"));
	}

	protected final void enter(Presence node, String user, String connection) {
		join(node.enter(this.topic, user, connection));
	}

	protected final void leave(Presence node, String user, String connection) {
		join(node.leave(this.topic, user, connection));
	}

	protected final List<Presence.Member> members(Presence node) {
		return join(node.members(this.topic, 1_000));
	}

	protected static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
