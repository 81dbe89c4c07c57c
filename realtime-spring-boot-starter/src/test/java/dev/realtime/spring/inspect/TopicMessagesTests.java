package dev.realtime.spring.inspect;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testing.Sneaky;
import dev.realtime.testing.VirtualEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Operators follow what is published on a topic. */
class TopicMessagesTests {

	private static final int MOST_QUESTIONS = 3;

	private static final Topic TOPIC = Topic.of("room.1");

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final MemoryBroker memory = new MemoryBroker(this.environment);

	/** What the next questions of the log get; the memory's answers if null. */
	private @Nullable Supplier<CompletionStage<LogPage>> answers;

	private TopicPolicy policy = TopicPolicy.DEFAULT;

	private final RealtimeNode node = RealtimeNode
		.builder("test", broker(), new MemoryPresence(PresenceOptions.DEFAULT, this.loops))
		.policies((topic) -> this.policy)
		.loops(this.loops)
		.build();

	private final TopicMessages messages = new TopicMessages(this.node, MOST_QUESTIONS);

	@BeforeEach
	void start() {
		this.node.start();
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	@Test
	void eachAnswerGoesOnAfterTheOneBeforeInOrder() {
		publish(3);
		Map<String, Object> first = after(null);
		assertThat(first).containsEntry("messages", List.of()).containsEntry("topic", "room.1");
		publish(2);
		Map<String, Object> second = after(first);
		assertThat(seqs(second)).containsExactly(4L, 5L);
		assertThat(second).doesNotContainKeys("skipped", "newEpoch");
		assertThat(after(second)).containsEntry("messages", List.of()).containsEntry("next", second.get("next"));
		publish(1);
		assertThat(seqs(after(second))).containsExactly(6L);
	}

	@Test
	void aTopicWithoutAMessageIsFollowedFromItsFirstOne() {
		Map<String, Object> nothing = after(null);
		publish(2);
		assertThat(seqs(after(nothing))).containsExactly(1L, 2L);
	}

	@Test
	void rule8_ofManyTheLatestAreShownAndTheOthersCounted() {
		publish(1);
		Map<String, Object> first = after(null);
		publish(TopicMessages.MOST + 7);
		Map<String, Object> second = after(first);
		assertThat(seqs(second)).hasSize(TopicMessages.MOST).isSorted().endsWith(TopicMessages.MOST + 8L);
		assertThat(second).containsEntry("skipped", 7L);
		assertThat(after(second)).containsEntry("messages", List.of());
	}

	@Test
	void whatTheLogKeepsNoMoreIsCounted() {
		this.policy = TopicPolicy.DEFAULT.toBuilder().history(5, Duration.ofMinutes(5)).build();
		publish(1);
		Map<String, Object> first = after(null);
		publish(10);
		Map<String, Object> second = after(first);
		assertThat(seqs(second)).containsExactly(7L, 8L, 9L, 10L, 11L);
		assertThat(second).containsEntry("skipped", 5L);
	}

	@Test
	void aPositionOfAnotherEpochIsSaid() {
		publish(2);
		Map<String, Object> answer = ask(new Position("AAAAAAAAAA", 1));
		assertThat(answer).containsEntry("newEpoch", true).doesNotContainKey("skipped");
		assertThat(seqs(answer)).containsExactly(1L, 2L);
		assertThat(after(answer)).doesNotContainKey("newEpoch").containsEntry("messages", List.of());
	}

	@Test
	void rule8_moreQuestionsThanTheBoundFailUntilOthersAreAnswered() {
		Position position = publish(1);
		List<CompletableFuture<LogPage>> asked = new ArrayList<>();
		this.answers = () -> {
			CompletableFuture<LogPage> answer = new CompletableFuture<>();
			asked.add(answer);
			return answer;
		};
		for (int i = 0; i < MOST_QUESTIONS; i++) {
			assertThat(this.messages.after(TOPIC, position).toCompletableFuture()).isNotDone();
		}
		assertThat(this.messages.after(TOPIC, position).toCompletableFuture()).failsWithin(Duration.ZERO)
			.withThrowableOfType(ExecutionException.class)
			.withMessageContaining("which is the most allowed");
		assertThat(asked).hasSize(MOST_QUESTIONS);
		asked.get(0).completeExceptionally(new IllegalStateException("away"));
		assertThat(this.messages.after(TOPIC, position).toCompletableFuture()).isNotDone();
		asked.get(1).complete(new LogPage.Found(List.of(), position, position, false));
		this.answers = null;
		assertThat(ask(position)).containsEntry("messages", List.of());
	}

	@ParameterizedTest
	@MethodSource("thrown")
	void rule9_aLogThatThrowsKeepsNoPlace(Throwable thrown) {
		Position position = publish(1);
		this.answers = () -> {
			throw Sneaky.sneak(thrown);
		};
		for (int i = 0; i <= MOST_QUESTIONS; i++) {
			assertThat(this.messages.after(TOPIC, position).toCompletableFuture()).failsWithin(Duration.ZERO)
				.withThrowableOfType(ExecutionException.class)
				.withCause(thrown);
		}
		this.answers = null;
		assertThat(ask(position)).containsEntry("messages", List.of());
	}

	private static List<Throwable> thrown() {
		return List.of(new IllegalStateException("away"), new NoClassDefFoundError("gone"), new IOException("away"));
	}

	/** Its log answers as a test says. */
	private Broker broker() {
		TopicLog log = new TopicLog() {

			@Override
			public CompletionStage<List<Position>> heads(List<Topic> topics) {
				return TopicMessagesTests.this.memory.log().heads(topics);
			}

			@Override
			public CompletionStage<List<Position>> peek(List<Topic> topics) {
				return TopicMessagesTests.this.memory.log().peek(topics);
			}

			@Override
			public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
				Supplier<CompletionStage<LogPage>> answers = TopicMessagesTests.this.answers;
				return (answers != null) ? answers.get()
						: TopicMessagesTests.this.memory.log().read(topic, after, limit);
			}

			@Override
			public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
				return TopicMessagesTests.this.memory.log().readBefore(topic, before, limit);
			}

		};
		return new DelegatingBroker() {

			@Override
			protected Broker delegate() {
				return TopicMessagesTests.this.memory;
			}

			@Override
			public TopicLog log() {
				return log;
			}

		};
	}

	private Position publish(int count) {
		PublishReceipt last = null;
		for (int i = 0; i < count; i++) {
			last = this.node.publish(Publication.of(TOPIC, Content.text("text"))).toCompletableFuture().join();
		}
		return Objects.requireNonNull(last).position();
	}

	private Map<String, Object> after(@Nullable Map<String, Object> answer) {
		return ask((answer != null) ? JourneyInspection.Question.position(String.valueOf(answer.get("next"))) : null);
	}

	private Map<String, Object> ask(@Nullable Position after) {
		return this.messages.after(TOPIC, after).toCompletableFuture().join();
	}

	@SuppressWarnings("unchecked")
	private static List<Object> seqs(Map<String, Object> answer) {
		return ((List<Map<String, Object>>) answer.getOrDefault("messages", List.of())).stream()
			.map((message) -> message.getOrDefault("seq", 0))
			.toList();
	}

}
