package dev.realtime.spring.users;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.realtime.loop.Environment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What one node tells and another one remembers, over a relay that loses pages. */
class RostersTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final FakeUsers users = new FakeUsers();

	private final RosterCuts cuts = new RosterCuts(Environment.system());

	private final LocalRoster local = new LocalRoster(this.users, this.cuts);

	private final RemoteRosters remote = new RemoteRosters(1_000, 15 * SECOND, this.cuts);

	private long sent;

	private long now;

	@Test
	void aChangeIsToldOnce() {
		begin("s1", "ann", Map.of("a", "/topic/1"));
		deliver(this.local.next(16));
		assertSame();
		this.local.next(16);
		assertThat(this.local.next(16)).isEmpty();
		begin("s1", "ann", Map.of("a", "/topic/1", "b", "/topic/2"));
		deliver(this.local.next(16));
		assertSame();
		assertThat(this.local.next(16)).isEmpty();
		end("s1", "ann");
		deliver(this.local.next(16));
		assertThat(this.remote.users()).isEmpty();
		assertThat(this.remote.sessionCount()).isZero();
	}

	@Test
	void aSessionThatNoNodeWasToldOfEndsSilently() {
		deliver(this.local.next(16));
		this.local.changed("anonymous", "");
		assertThat(this.local.next(16)).isEmpty();
	}

	@Test
	void anEventThatComesBeforeTheRegistryHasSeenItIsNotMissed() {
		deliver(this.local.next(16));
		this.local.changed("s1", "ann");
		deliver(this.local.next(16));
		begin("s1", "ann", Map.of());
		deliver(this.local.next(16));
		assertSame();
		this.local.changed("s1", "ann");
		deliver(this.local.next(16));
		this.users.end("s1");
		deliver(this.local.next(16));
		assertSame();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void afterAnyLossTheViewIsCompleteAgain(long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < 300; round++) {
			change(random);
			List<RosterPage> pages = new ArrayList<>(this.local.next(2));
			if (pages.isEmpty() && round % 3 == 0) {
				pages.add(RosterPage.empty());
			}
			for (RosterPage page : pages) {
				RosterPage numbered = page.numbered(++this.sent);
				if (random.nextInt(4) > 0) {
					this.remote.apply("one", RosterPage.of(numbered.text()), this.now);
				}
			}
			ask(random.nextBoolean());
		}
		for (int round = 0; round < 20; round++) {
			List<RosterPage> pages = new ArrayList<>(this.local.next(2));
			pages.add(RosterPage.empty());
			deliver(pages);
			ask(true);
		}
		assertSame();
	}

	@Test
	void aListOfManySessionsTakesSeveralRoundsAndRemovesNothingBeforeItsEnd() {
		deliver(this.local.next(16));
		for (int i = 0; i < 900; i++) {
			begin("session-" + i, "user-" + i, Map.of("sub-0", "/topic/" + "x".repeat(200)));
		}
		for (int i = 0; i < 10; i++) {
			deliver(this.local.next(16));
		}
		assertSame();
		this.local.listAll();
		List<RosterPage> first = this.local.next(1);
		assertThat(first).singleElement().matches((page) -> page.first() && !page.last());
		deliver(first);
		assertSame();
		List<RosterPage> rest = this.local.next(16);
		assertThat(rest.get(rest.size() - 1).last()).isTrue();
		deliver(rest);
		assertSame();
	}

	@Test
	void rule8_tooManyChangesBecomeAList() {
		deliver(this.local.next(16));
		for (int i = 0; i <= LocalRoster.MAX_CHANGED; i++) {
			this.local.changed("s" + i, "");
		}
		assertThat(this.local.next(16)).singleElement().matches((page) -> page.first() && page.last());
	}

	@Test
	void rule8_sessionsBeyondTheBoundAreLeftOutAndAskedForWhenThereIsRoom() {
		RemoteRosters small = new RemoteRosters(10, 15 * SECOND, this.cuts);
		List<UserSession> sessions = new ArrayList<>();
		for (int i = 0; i < 15; i++) {
			sessions.add(new UserSession("s" + i, "u" + i, Map.of()));
		}
		small.apply("one", new RosterPage(1, true, true, sessions, List.of()), 0);
		assertThat(small.sessionCount()).isEqualTo(10);
		assertThat(this.cuts.count()).isEqualTo(5);
		assertThat(small.toAsk(0, SECOND)).isEmpty();
		small.apply("one", new RosterPage(2, false, false, List.of(), List.of("s0", "s1", "s2")), 0);
		assertThat(small.toAsk(0, SECOND)).containsExactly("one");
		assertThat(small.toAsk(5 * SECOND, SECOND)).isEmpty();
	}

	@Test
	void rule8_nodesBeyondTheBoundAreIgnored() {
		for (int i = 0; i <= RemoteRosters.MAX_NODES; i++) {
			this.remote.apply("node-" + i, RosterPage.empty().numbered(1), 0);
		}
		assertThat(this.remote.nodeCount()).isEqualTo(RemoteRosters.MAX_NODES);
		assertThat(this.cuts.count()).isEqualTo(1);
	}

	@Test
	void rule6_aSilentNodeIsForgotten() {
		begin("s1", "ann", Map.of());
		deliver(this.local.next(16));
		this.now = 15 * SECOND;
		assertThat(this.remote.expire(this.now)).isEmpty();
		this.remote.excuse(this.now);
		this.now = 30 * SECOND;
		assertThat(this.remote.expire(this.now)).isEmpty();
		this.now++;
		assertThat(this.remote.expire(this.now)).containsExactly("one");
		assertThat(this.remote.users()).isEmpty();
		assertThat(this.remote.nodeCount()).isZero();
	}

	@Test
	void aSessionThatChangesItsUserBelongsToOne() {
		begin("s1", "ann", Map.of());
		deliver(this.local.next(16));
		begin("s1", "bob", Map.of());
		deliver(this.local.next(16));
		assertThat(this.remote.users()).containsExactly("bob");
	}

	private void change(Random random) {
		String id = "s" + random.nextInt(40);
		String user = "u" + id.hashCode() % 7;
		if (random.nextInt(3) == 0) {
			end(id, user);
		}
		else {
			Map<String, String> subscriptions = new HashMap<>();
			for (int i = 0; i < random.nextInt(5); i++) {
				subscriptions.put("sub-" + i, "/topic/" + "x".repeat(random.nextInt(4_000)));
			}
			begin(id, user, subscriptions);
		}
	}

	private void ask(boolean arrives) {
		this.now += SECOND;
		if (!this.remote.toAsk(this.now, 3 * SECOND).isEmpty() && arrives) {
			this.local.listAll();
		}
	}

	private void begin(String id, String user, Map<String, String> subscriptions) {
		this.users.begin(new UserSession(id, user, subscriptions));
		this.local.changed(id, user);
	}

	private void end(String id, String user) {
		this.users.end(id);
		this.local.changed(id, user);
	}

	private void deliver(List<RosterPage> pages) {
		Deque<RosterPage> waiting = new ArrayDeque<>(pages);
		while (!waiting.isEmpty()) {
			this.remote.apply("one", RosterPage.of(waiting.remove().numbered(++this.sent).text()), this.now);
		}
	}

	private void assertSame() {
		Set<UserSession> known = new HashSet<>();
		this.remote.users().forEach((user) -> known.addAll(this.remote.sessions(user)));
		assertThat(known).isEqualTo(new HashSet<>(this.users.sessions()));
		assertThat(this.remote.sessionCount()).isEqualTo(this.users.sessions().size());
	}

}
