package dev.realtime.presence;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** What every presence does. Its nodes may be one and the same. */
public abstract class PresenceContract {

	protected static final PresenceOptions SHORT = new PresenceOptions(Duration.ofMillis(200), Duration.ofMillis(100),
			Duration.ofSeconds(1));

	protected final RecordedEvents events = new RecordedEvents();

	protected final Topic topic = Topic.of("room." + UUID.randomUUID());

	/** The first node of the fleet, started. */
	protected abstract Presence first();

	/** Another one if there can be. */
	protected abstract Presence second();

	@Test
	void tellsAJoinWhenTheFirstConnectionEnters() {
		enter(first(), "ann", "a1");
		await().untilAsserted(() -> assertThat(this.events.of(this.topic, "ann")).isEqualTo("+"));
		assertThat(members(second())).containsExactly(new Presence.Member("ann", 1));
	}

	@Test
	void tellsWithEachEventHowManyMembersThereAreThen() {
		for (int i = 0; i < 5; i++) {
			enter(first(), "user " + i, "c" + i);
		}
		for (int i = 0; i < 5; i++) {
			int left = i;
			leave(first(), "user " + i, "c" + i);
			await().untilAsserted(() -> assertThat(this.events.leaves(this.topic, "user " + left)).isEqualTo(1));
		}
		assertThat(this.events.numbers()).containsExactly(1L, 2L, 3L, 4L, 5L, 4L, 3L, 2L, 1L, 0L);
	}

	@Test
	void tellsNoSecondJoinForAnotherConnectionElsewhere() {
		enter(first(), "ann", "a1");
		enter(second(), "ann", "a2");
		letTheGracePass();
		assertThat(this.events.of(this.topic, "ann")).isEqualTo("+");
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
		assertThat(this.events.of(this.topic, "ann")).isEqualTo("+");
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
		assertThat(this.events.of(this.topic, "ann")).isEqualTo("+");
	}

	@Test
	void tellsOneLeaveAfterTheGrace() {
		enter(first(), "ann", "a1");
		long left = System.nanoTime();
		leave(first(), "ann", "a1");
		await().untilAsserted(() -> assertThat(this.events.leaves(this.topic, "ann")).isEqualTo(1));
		assertThat(Duration.ofNanos(System.nanoTime() - left)).isBetween(SHORT.grace(), Duration.ofSeconds(3));
		letTheGracePass();
		assertThat(this.events.of(this.topic, "ann")).isEqualTo("+-");
		assertThat(members(second())).isEmpty();
	}

	@Test
	void tellsAJoinAgainAfterALeave() {
		enter(first(), "ann", "a1");
		leave(first(), "ann", "a1");
		await().untilAsserted(() -> assertThat(this.events.leaves(this.topic, "ann")).isEqualTo(1));
		enter(second(), "ann", "a2");
		await().untilAsserted(() -> assertThat(this.events.of(this.topic, "ann")).isEqualTo("+-+"));
	}

	@Test
	void ignoresLeavesOfUnknownConnections() {
		leave(first(), "ann", "a1");
		enter(first(), "ann", "a2");
		leave(first(), "ann", "a1");
		leave(first(), "bob", "a2");
		letTheGracePass();
		assertThat(members(first())).containsExactly(new Presence.Member("ann", 1));
		assertThat(this.events.of(this.topic, "bob")).isEmpty();
	}

	@Test
	void keepsTopicsApart() {
		Topic other = Topic.of(this.topic.name() + ".other");
		enter(first(), "ann", "a1");
		join(first().enter(other, "ann", "a1"));
		join(first().leave(other, "ann", "a1"));
		await().untilAsserted(() -> assertThat(this.events.of(other, "ann")).isEqualTo("+-"));
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
			await().untilAsserted(() -> assertThat(this.events.of(this.topic, user)).isEqualTo("+-"));
		}
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

	/** Returns when somebody who leaves now is told to have left. */
	protected final void letTheGracePass() {
		String witness = "witness " + UUID.randomUUID();
		enter(first(), witness, "w");
		leave(first(), witness, "w");
		await().untilAsserted(() -> assertThat(this.events.of(this.topic, witness)).isEqualTo("+-"));
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
