package dev.realtime.spring.offline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.OfflineProperties;
import dev.realtime.spring.offline.OfflineCounts.Outcome;
import dev.realtime.testing.VirtualEnvironment;
import dev.realtime.unread.Unread;
import dev.realtime.unread.UserTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which messages the application's handlers get, in simulated time. */
class OfflineMessagesTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final VirtualEnvironment time = new VirtualEnvironment(7);

	private final Loops loops = new Loops(this.time, Duration.ofSeconds(30));

	private final Loop loop = this.loops.loop("realtime-offline");

	private final List<OfflineMessage> handled = new ArrayList<>();

	private final Set<String> online = new HashSet<>();

	private final List<Set<String>> questions = new ArrayList<>();

	/** The fleet answers after a second, unless it knows all users. */
	private Function<Collection<String>, CompletionStage<Set<String>>> fleet = this::ask;

	@Test
	void aUserWhoIsMissedTwiceIsOffline() {
		OfflineMessages messages = messages(10, this.handled::add);
		messages.stored("ann", "/queue/news", message(5));
		this.time.advance(Duration.ofMillis(1_900));
		assertThat(this.handled).isEmpty();
		this.time.advance(SECOND);
		assertThat(this.handled)
			.containsExactly(new OfflineMessage("ann", "/queue/news", message(5), OptionalLong.empty()));
		assertThat(messages.counts().get(Outcome.HANDLED)).isEqualTo(1);
		assertThat(messages.waiting()).isZero();
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.questions).hasSize(2);
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void aUserWhoIsBackForTheSecondQuestionIsNotOffline() {
		OfflineMessages messages = messages(10, this.handled::add);
		messages.stored("ann", "/queue/news", message(1));
		this.time.advance(Duration.ofMillis(1_100));
		assertThat(this.questions).hasSize(2);
		this.online.add("ann");
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.handled).isEmpty();
		assertThat(messages.counts().get(Outcome.CONNECTED)).isEqualTo(1);
		assertThat(messages.waiting()).isZero();
	}

	@Test
	void oneQuestionAtATimeAsksForAllUsers() {
		OfflineMessages messages = messages(1_000, this.handled::add);
		this.online.addAll(names(0, 50));
		names(0, 100).forEach((name) -> {
			messages.stored(name, "/queue/news", message(1));
			messages.stored(name, "/queue/news", message(2));
		});
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.handled).extracting(OfflineMessage::user)
			.hasSize(100)
			.allSatisfy((name) -> assertThat(this.online).doesNotContain(name));
		assertThat(this.handled).filteredOn((each) -> each.user().equals("user-70"))
			.extracting((each) -> each.message().seq())
			.containsExactly(1L, 2L);
		assertThat(messages.counts().get(Outcome.CONNECTED)).isEqualTo(100);
		assertThat(this.questions).hasSizeLessThanOrEqualTo(4);
		assertThat(messages.waiting()).isZero();
	}

	@Test
	void usersOfWhomTheFleetKnowsAtOnceAreAskedForOnceASecond() {
		OfflineMessages messages = messages(10, this.handled::add);
		this.online.add("ann");
		for (int i = 0; i < 100; i++) {
			messages.stored("ann", "/queue/news", message(i));
			this.time.advance(Duration.ofMillis(100));
		}
		this.time.advance(SECOND);
		assertThat(this.questions).hasSizeBetween(9, 12);
		assertThat(messages.counts().get(Outcome.CONNECTED)).isEqualTo(100);
	}

	@Test
	void rule8_moreThanTheQueueHoldsAreDroppedAndCounted() {
		OfflineMessages messages = messages(3, this.handled::add);
		names(0, 10).forEach((name) -> messages.stored(name, "/queue/news", message(1)));
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.handled).hasSize(3);
		assertThat(messages.counts().get(Outcome.DROPPED)).isEqualTo(7);
		assertThat(messages.waiting()).isZero();
		messages.stored("late", "/queue/news", message(1));
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.handled).hasSize(4);
	}

	@Test
	void rule9_anErrorOfOneHandlerKeepsTheMessageFromNoOther() {
		OfflineMessages messages = messages(10, (message) -> {
			throw new AssertionError("on purpose");
		}, this.handled::add);
		messages.stored("ann", "/queue/news", message(1));
		messages.stored("bob", "/queue/news", message(1));
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.handled).hasSize(2);
		assertThat(messages.counts().get(Outcome.FAILED)).isEqualTo(2);
		assertThat(messages.waiting()).isZero();
	}

	@Test
	void rule9_aQuestionThatThrowsOrNeverEndsIsAskedAgain() {
		OfflineMessages messages = messages(10, this.handled::add);
		this.fleet = (users) -> {
			throw new AssertionError("on purpose");
		};
		messages.stored("ann", "/queue/news", message(1));
		this.time.advance(Duration.ofSeconds(2));
		this.fleet = (users) -> new CompletableFuture<>();
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.handled).isEmpty();
		this.time.advance(Duration.ofSeconds(20));
		this.fleet = this::ask;
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.handled).hasSize(1);
		assertThat(messages.counts().get(Outcome.HANDLED)).isEqualTo(1);
	}

	@Test
	void aMessageIsGivenUpIfTheFleetCannotBeAskedForAMinute() {
		OfflineMessages messages = messages(10, this.handled::add);
		this.fleet = (users) -> CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
		messages.stored("ann", "/queue/news", message(1));
		this.time.advance(Duration.ofSeconds(59));
		assertThat(messages.waiting()).isEqualTo(1);
		this.time.advance(Duration.ofSeconds(3));
		assertThat(messages.counts().get(Outcome.UNKNOWN)).isEqualTo(1);
		assertThat(messages.waiting()).isZero();
		this.fleet = this::ask;
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.handled).isEmpty();
	}

	@Test
	void anAnswerThatComesTooLateOrTwiceChangesNothing() {
		OfflineMessages messages = messages(10, this.handled::add);
		List<CompletableFuture<Set<String>>> late = new ArrayList<>();
		this.fleet = (users) -> {
			late.add(new CompletableFuture<>());
			return late.get(late.size() - 1);
		};
		messages.stored("ann", "/queue/news", message(1));
		this.time.advance(Duration.ofSeconds(31));
		assertThat(late).hasSize(2);
		late.get(0).complete(Set.of());
		this.time.runDue();
		late.get(1).complete(Set.of());
		this.time.advance(SECOND);
		assertThat(this.handled).isEmpty();
		assertThat(late).hasSize(3);
		late.get(2).complete(Set.of());
		this.time.runDue();
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void aNameThatNoNodeCanBeAskedForIsNotAskedFor() {
		OfflineMessages messages = messages(10, this.handled::add);
		messages.stored("a".repeat(1_025), "/queue/news", message(1));
		messages.stored("ann", "/queue/news", message(1));
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.handled).hasSize(1);
		assertThat(messages.counts().get(Outcome.UNKNOWN)).isEqualTo(1);
	}

	@Test
	void theUnreadCountComesWithTheMessageIfThereIsOneInTime() {
		UnreadLookup counts = new UnreadLookup(this.loop, this::unread, (topic) -> !topic.name().contains("brief"));
		OfflineMessages messages = messages(10, counts, this.handled::add);
		messages.stored("ann", "/queue/news", message(5));
		messages.stored("ann", "/queue/brief", message("_user.ann.queue.brief", 1));
		messages.stored("slow", "/queue/news", message(5));
		this.time.advance(Duration.ofSeconds(4));
		messages.stored("bob", "/queue/news", message(5));
		this.time.advance(Duration.ofSeconds(20));
		assertThat(this.handled).extracting((each) -> each.user() + ' ' + each.unread())
			.containsExactlyInAnyOrder("ann OptionalLong.empty", "ann OptionalLong.empty", "slow OptionalLong.empty",
					"bob OptionalLong[42]");
		assertThat(messages.waiting()).isZero();
	}

	@Test
	void rule8_moreThan64MegabytesAreDroppedAndCounted() {
		OfflineMessages messages = messages(10, this.handled::add);
		TopicMessage half = new TopicMessage(Topic.of("_user.ann.queue.news"), new Position("e", 1), 0, null,
				Content.text("x".repeat((int) OfflineMessages.MAX_BYTES / 2)), null, 0);
		messages.stored("ann", "/queue/news", half);
		messages.stored("ann", "/queue/news", half);
		messages.stored("ann", "/queue/news", message(2));
		assertThat(messages.counts().get(Outcome.DROPPED)).isEqualTo(1);
		assertThat(messages.waiting()).isEqualTo(2);
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.handled).hasSize(2);
		messages.stored("ann", "/queue/news", half);
		messages.stored("ann", "/queue/news", half);
		assertThat(messages.counts().get(Outcome.DROPPED)).isEqualTo(1);
	}

	@Test
	void rule9_anAnswerThatThrowsEndsItsMessagesAndNothingElse() {
		OfflineMessages messages = messages(10, this.handled::add);
		this.fleet = (users) -> CompletableFuture.completedStage(new TreeSet<>() {
			private static final long serialVersionUID = 1L;

			@Override
			public boolean contains(Object user) {
				if (user.equals("bob")) {
					throw new AssertionError("on purpose");
				}
				return false;
			}
		});
		messages.stored("bob", "/queue/news", message(1));
		messages.stored("ann", "/queue/news", message(1));
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.handled).extracting(OfflineMessage::user).containsExactly("ann");
		assertThat(messages.counts().get(Outcome.UNKNOWN)).isEqualTo(1);
		assertThat(messages.waiting()).isZero();
	}

	@Test
	void rule9_countsThatAreTooFewOrFailAreNone() {
		List<Function<List<UserTopic>, CompletionStage<List<Unread>>>> wrong = List.of(
				(pairs) -> CompletableFuture
					.completedStage(List.of(new Unread(pairs.get(0).topic(), new Position("e", 50), 8, 42))),
				(pairs) -> {
					throw new AssertionError("on purpose");
				}, (pairs) -> CompletableFuture.completedStage(Arrays.asList(null, null)));
		for (var positions : wrong) {
			this.handled.clear();
			OfflineMessages messages = messages(10, new UnreadLookup(this.loop, positions, (topic) -> {
				assertThat(topic.name()).doesNotContain("throws");
				return true;
			}), this.handled::add);
			messages.stored("ann", "/queue/news", message(1));
			messages.stored("kim", "/queue/news", message(1));
			messages.stored("bob", "/queue/throws", message("_user.bob.queue.throws", 1));
			this.time.advance(Duration.ofSeconds(3));
			assertThat(this.handled).hasSize(3)
				.allSatisfy((each) -> assertThat(each.unread()).isEqualTo(OptionalLong.empty()));
			assertThat(messages.waiting()).isZero();
		}
	}

	/** A question with the user "slow" is never answered. */
	private CompletionStage<List<Unread>> unread(List<UserTopic> pairs) {
		if (pairs.stream().anyMatch((pair) -> pair.user().equals("slow"))) {
			return new CompletableFuture<>();
		}
		return CompletableFuture.completedStage(
				pairs.stream().map((pair) -> new Unread(pair.topic(), new Position("e", 50), 8, 42)).toList());
	}

	private CompletionStage<Set<String>> ask(Collection<String> users) {
		this.questions.add(new TreeSet<>(users));
		CompletableFuture<Set<String>> answer = new CompletableFuture<>();
		if (this.online.containsAll(users)) {
			answer.complete(Set.copyOf(users));
		}
		else {
			this.loops.loop("fleet").after(SECOND, () -> answer.complete(Set.copyOf(this.online)));
		}
		return answer;
	}

	private static List<String> names(int from, int to) {
		return IntStream.range(from, to).mapToObj((i) -> "user-" + i).toList();
	}

	private OfflineMessages messages(int queue, OfflineHandler... handlers) {
		return messages(queue, null, handlers);
	}

	private OfflineMessages messages(int queue, @Nullable UnreadLookup unread, OfflineHandler... handlers) {
		return new OfflineMessages(new OfflineProperties(queue, 1), this.loop,
				this.loops.loop("realtime-offline-handler", 1), List.of(handlers), (users) -> this.fleet.apply(users),
				unread);
	}

	private static TopicMessage message(long seq) {
		return message("_user.ann.queue.news", seq);
	}

	private static TopicMessage message(String topic, long seq) {
		return new TopicMessage(Topic.of(topic), new Position("e", seq), 0, null, TEXT, null, 0);
	}

	private static final Content TEXT = Content.text("news");

}
