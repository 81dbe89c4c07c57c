package dev.realtime.spring.sessions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

import dev.realtime.Signal;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.PostgresRelayProperties;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A search of which this node knows no user; the test answers for the others. */
class UserSearchTests {

	private final VirtualEnvironment time = new VirtualEnvironment(7);

	private final Loop loop = new Loops(this.time, Duration.ofSeconds(30)).loop("realtime-sessions");

	private final List<String> asked = new ArrayList<>();

	private BiFunction<String, String, CompletionStage<Void>> relay = (type, payload) -> {
		this.asked.add(payload);
		return CompletableFuture.completedStage(null);
	};

	private final AtomicLong link = new AtomicLong();

	private final UserSearch search = search(UserSearch.TIME);

	@Test
	void rule8_manyUsersWithLongNamesFitIntoSignals() {
		List<String> users = IntStream.range(0, UserSearch.MAX_USERS)
			.mapToObj((i) -> i + "-" + "x".repeat(i % UserSearch.MAX_NAME / 2))
			.toList();
		CompletableFuture<Set<String>> found = find(users);
		Set<String> sent = new HashSet<>();
		for (String question : this.asked) {
			assertThat(question.length()).isLessThanOrEqualTo(Signal.MAX_PAYLOAD_LENGTH);
			List<String> words = Words.of(question, 2);
			sent.addAll(words.subList(1, words.size()));
		}
		assertThat(sent).containsExactlyInAnyOrderElementsOf(users);
		this.time.advance(UserSearch.TIME);
		assertThat(found).isCompletedWithValue(Set.of());
	}

	@Test
	void itEndsWhenAllAreFoundAndTakesNobodyItDidNotAskFor() {
		CompletableFuture<Set<String>> found = find(List.of("ann", "bob"));
		answer("ann", "kim");
		assertThat(found).isNotDone();
		answer("ann", "bob");
		assertThat(found).isCompletedWithValue(Set.of("ann", "bob"));
		answer("late");
	}

	@Test
	void itEndsAfterASecondWithThoseWhoAreFound() {
		CompletableFuture<Set<String>> found = find(List.of("ann", "bob"));
		answer("bob");
		this.time.advance(UserSearch.TIME);
		assertThat(found).isCompletedWithValue(Set.of("bob"));
	}

	@Test
	void itFailsWhereTheOthersCannotBeAskedAndIsThereForTheNext() {
		var works = this.relay;
		this.relay = (type, payload) -> CompletableFuture.failedStage(new IllegalStateException("on purpose"));
		assertThat(find(List.of("ann"))).isCompletedExceptionally();
		this.relay = (type, payload) -> {
			throw new AssertionError("on purpose");
		};
		assertThat(find(List.of("ann"))).isCompletedExceptionally();
		this.relay = works;
		CompletableFuture<Set<String>> found = find(List.of("ann"));
		answer("ann");
		assertThat(found).isCompletedWithValue(Set.of("ann"));
	}

	@Test
	void rule8_moreQueriesThanAllowedFailAtOnce() {
		for (int i = 0; i < 16; i++) {
			assertThat(find(List.of("ann"))).isNotDone();
		}
		assertThat(find(List.of("ann"))).isCompletedExceptionally();
		this.time.advance(UserSearch.TIME);
		assertThat(find(List.of("ann"))).isNotDone();
	}

	@Test
	void itFailsWhereAnAnswerMayHaveBeenMissed() {
		this.link.set(-1);
		assertThat(find(List.of("ann"))).isCompletedExceptionally();
		assertThat(this.asked).isEmpty();
		this.link.set(3);
		CompletableFuture<Set<String>> cutOff = find(List.of("ann", "bob"));
		answer("ann");
		this.link.set(-1);
		this.time.advance(UserSearch.TIME);
		assertThat(cutOff).isCompletedExceptionally();
		this.link.set(4);
		CompletableFuture<Set<String>> reconnected = find(List.of("ann", "bob"));
		this.link.set(5);
		this.time.advance(UserSearch.TIME);
		assertThat(reconnected).isCompletedExceptionally();
		CompletableFuture<Set<String>> well = find(List.of("ann", "bob"));
		this.time.advance(UserSearch.TIME);
		assertThat(well).isCompletedWithValue(Set.of());
	}

	@Test
	void thoseWhoAreAllFoundAreFoundWhateverWasMissed() {
		CompletableFuture<Set<String>> found = find(List.of("ann"));
		this.link.set(-1);
		answer("ann");
		assertThat(found).isCompletedWithValue(Set.of("ann"));
	}

	@Test
	void rule8_moreAnswersThanThereIsRoomForFailTheQuery() {
		CompletableFuture<Set<String>> found = find(List.of("ann", "bob"));
		for (int i = 0; i <= UserSearch.MAX_WAITING; i++) {
			arrives(id(), "kim");
		}
		this.time.advance(UserSearch.TIME);
		assertThat(found).isCompletedExceptionally();
	}

	@Test
	void answersToOtherNodesTakeNoRoom() {
		CompletableFuture<Set<String>> found = find(List.of("ann"));
		for (int i = 0; i <= UserSearch.MAX_WAITING; i++) {
			arrives("of-another-node", "kim");
		}
		arrives(id(), "ann");
		this.time.runDue();
		assertThat(found).isCompletedWithValue(Set.of("ann"));
	}

	@Test
	void itWaitsForLongerWhereSignalsTakeLonger() {
		Duration time = new PostgresRelayProperties(Duration.ofMillis(5), Duration.ofSeconds(2), Duration.ofSeconds(3),
				null)
			.answersWithin(UserSearch.TIME);
		assertThat(time).isEqualTo(Duration.ofMillis(4_510));
		CompletableFuture<Set<String>> found = search(time).find(List.of("ann")).toCompletableFuture();
		this.time.advance(Duration.ofMillis(4_500));
		assertThat(found).isNotDone();
		this.time.advance(Duration.ofMillis(10));
		assertThat(found).isCompletedWithValue(Set.of());
		assertThat(
				new PostgresRelayProperties(Duration.ofMillis(5), Duration.ofMillis(200), Duration.ofSeconds(3), null)
					.answersWithin(UserSearch.TIME))
			.isEqualTo(UserSearch.TIME);
	}

	private UserSearch search(Duration time) {
		return new UserSearch(new LocalSessions(), this.loop, (type, payload) -> this.relay.apply(type, payload), true,
				this.link::get, time);
	}

	private CompletableFuture<Set<String>> find(List<String> users) {
		CompletableFuture<Set<String>> found = this.search.find(users).toCompletableFuture();
		this.time.runDue();
		return found;
	}

	/** Another node answers the last question. */
	private void answer(String... users) {
		arrives(id(), users);
		this.time.runDue();
	}

	/** The last question's. */
	private String id() {
		return Words.of(this.asked.get(this.asked.size() - 1), 1).get(0);
	}

	private void arrives(String id, String... users) {
		List<String> words = new ArrayList<>(List.of(id));
		words.addAll(List.of(users));
		this.search.arrived(UserSearch.ANSWER, Words.text(words));
	}

}
