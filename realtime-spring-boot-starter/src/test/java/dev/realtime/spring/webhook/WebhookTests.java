package dev.realtime.spring.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.WebhookEvent;
import dev.realtime.spring.WebhookProperties;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a webhook sends when, in simulated time. */
class WebhookTests {

	private static final Answer OK = new Answer(204, Duration.ZERO);

	private static final Answer BROKEN = new Answer(500, Duration.ZERO);

	private final VirtualEnvironment time = new VirtualEnvironment(7);

	private final Loop loop = new Loops(this.time, Duration.ofSeconds(30)).loop("webhooks");

	/** Each request as {@code type topic}. */
	private final List<String> sent = new ArrayList<>();

	private final List<Instant> times = new ArrayList<>();

	private final List<String> ids = new ArrayList<>();

	/** Requests without an answer. */
	private final List<CompletableFuture<Answer>> open = new ArrayList<>();

	private Function<String, CompletableFuture<Answer>> receiver = (request) -> answer(OK);

	@Test
	void sendsWhatHappens() {
		Webhook webhook = webhook(10, 4);
		occupied(webhook, "room.1");
		this.time.runDue();
		assertThat(this.sent).containsExactly("topic.occupied room.1");
		assertThat(webhook.counts().get(Outcome.DELIVERED)).isOne();
		assertThat(webhook.waiting()).isZero();
	}

	@Test
	void sendsOnlyItsEventsOfItsTopics() {
		Webhook webhook = webhook(properties(10, 1, Set.of(WebhookEvent.TOPIC_VACATED), List.of("room.*")));
		occupied(webhook, "room.1");
		vacated(webhook, "other.1");
		vacated(webhook, "room.1");
		this.time.runDue();
		assertThat(this.sent).containsExactly("topic.vacated room.1");
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 502, 503, 408, 429 })
	void repeatsAFailedRequestLaterAndLaterWithTheSameId(int status) {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> answer((this.sent.size() < 5) ? new Answer(status, Duration.ZERO) : OK);
		occupied(webhook, "room.1");
		this.time.advance(Duration.ofSeconds(60));
		assertThat(this.sent).hasSize(5);
		assertThat(new HashSet<>(this.ids)).hasSize(1);
		for (int i = 1; i < 5; i++) {
			Duration pause = Duration.between(this.times.get(i - 1), this.times.get(i));
			assertThat(pause).isBetween(Duration.ofMillis(500L << (i - 1)), Duration.ofMillis((1_000L << (i - 1)) + 1));
		}
		assertThat(webhook.counts().retries()).isEqualTo(4);
		assertThat(webhook.counts().get(Outcome.DELIVERED)).isOne();
	}

	@Test
	void waitsAsLongAsTheReceiverAsks() {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> answer((this.sent.size() < 2) ? new Answer(429, Duration.ofSeconds(90)) : OK);
		occupied(webhook, "room.1");
		this.time.advance(Duration.ofSeconds(89));
		assertThat(this.sent).hasSize(1);
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.sent).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 302, 400, 401, 404, 413, 422 })
	void doesNotRepeatARequestThatIsRejected(int status) {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> answer(new Answer(status, Duration.ZERO));
		occupied(webhook, "room.1");
		vacated(webhook, "room.1");
		this.time.advance(Duration.ofMinutes(5));
		assertThat(this.sent).containsExactly("topic.occupied room.1", "topic.vacated room.1");
		assertThat(webhook.counts().get(Outcome.REJECTED)).isEqualTo(2);
	}

	@Test
	void sendsNothingMoreAfter410() {
		Webhook webhook = webhook(10, 2);
		this.receiver = (request) -> never();
		occupied(webhook, "room.1");
		vacated(webhook, "room.1");
		occupied(webhook, "room.2");
		this.time.runDue();
		this.open.get(0).complete(new Answer(410, Duration.ZERO));
		this.time.advance(Duration.ofMinutes(1));
		vacated(webhook, "room.2");
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.sent).hasSizeLessThanOrEqualTo(2);
		assertThat(webhook.counts().get(Outcome.GONE)).isEqualTo(4);
		assertThat(webhook.waiting()).isZero();
		assertThat(this.open).allMatch(CompletableFuture::isDone);
	}

	@Test
	void keepsTheOrderOfATopicAndDoesNotWaitForOthers() {
		Webhook webhook = webhook(100, 8);
		this.receiver = (request) -> request.endsWith("room.1") ? never() : answer(OK);
		occupied(webhook, "room.1");
		vacated(webhook, "room.1");
		occupied(webhook, "room.2");
		vacated(webhook, "room.2");
		this.time.runDue();
		assertThat(this.sent).containsSubsequence("topic.occupied room.2", "topic.vacated room.2")
			.containsOnlyOnce("topic.occupied room.1")
			.doesNotContain("topic.vacated room.1");
		this.open.get(0).complete(OK);
		this.time.runDue();
		assertThat(this.sent.get(3)).isEqualTo("topic.vacated room.1");
	}

	@Test
	void rule8_whatWaitsIsBounded() {
		Webhook webhook = webhook(3, 1);
		this.receiver = (request) -> never();
		for (int i = 0; i < 5; i++) {
			occupied(webhook, "room." + i);
		}
		this.time.runDue();
		assertThat(webhook.waiting()).isEqualTo(3);
		assertThat(webhook.counts().get(Outcome.DROPPED)).isEqualTo(2);
		this.receiver = (request) -> answer(OK);
		this.open.get(0).complete(OK);
		this.time.runDue();
		assertThat(webhook.counts().get(Outcome.DELIVERED)).isEqualTo(3);
		assertThat(webhook.waiting()).isZero();
	}

	@Test
	void anAnswerThatNeverComesIsAFailure() {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> (this.sent.size() < 2) ? never() : answer(OK);
		occupied(webhook, "room.1");
		this.time.advance(Duration.ofSeconds(15).plusMillis(1));
		assertThat(this.open.get(0)).isCancelled();
		this.time.advance(Duration.ofSeconds(2));
		assertThat(webhook.counts().get(Outcome.DELIVERED)).isOne();
		assertThat(webhook.counts().retries()).isOne();
	}

	@Test
	void rule9_aReceiverThatThrowsEndsOnlyTheAttempt() {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> {
			if (this.sent.size() < 3) {
				throw new AssertionError("on purpose");
			}
			return answer(OK);
		};
		occupied(webhook, "room.1");
		this.time.advance(Duration.ofSeconds(10));
		assertThat(webhook.counts().get(Outcome.DELIVERED)).isOne();
		assertThat(webhook.counts().retries()).isEqualTo(2);
	}

	@Test
	void anEventIsNotSentAfterItsTime() {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> answer(BROKEN);
		occupied(webhook, "room.1");
		vacated(webhook, "room.1");
		this.time.advance(Duration.ofMinutes(12));
		assertThat(webhook.counts().get(Outcome.EXPIRED)).isEqualTo(2);
		assertThat(webhook.waiting()).isZero();
		int attempts = this.sent.size();
		this.receiver = (request) -> answer(OK);
		occupied(webhook, "room.2");
		this.time.runDue();
		assertThat(this.sent).hasSize(attempts + 1).endsWith("topic.occupied room.2");
		assertThat(webhook.counts().get(Outcome.DELIVERED)).isOne();
	}

	@Test
	void aNodeThatEndsDeliversWhatWaits() {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> answer(BROKEN);
		occupied(webhook, "room.1");
		vacated(webhook, "room.1");
		this.time.advance(Duration.ofMinutes(3));
		this.receiver = (request) -> answer(OK);
		CompletableFuture<Boolean> drained = webhook.drain();
		this.time.runDue();
		assertThat(drained).isCompletedWithValue(true);
		assertThat(webhook.counts().get(Outcome.DELIVERED)).isEqualTo(2);
		occupied(webhook, "room.2");
		this.time.advance(Duration.ofMinutes(1));
		assertThat(webhook.counts().get(Outcome.CLOSED)).isOne();
	}

	@Test
	void aRequestThatIsUnderWayWhenTheNodeEndsIsRepeatedSoon() {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> answer(BROKEN);
		occupied(webhook, "room.1");
		this.time.advance(Duration.ofMinutes(3));
		this.receiver = (request) -> never();
		this.time.advanceUntil(() -> this.open.size() == 1, Duration.ofMinutes(2));
		CompletableFuture<Boolean> drained = webhook.drain();
		this.time.runDue();
		this.receiver = (request) -> answer(OK);
		this.open.get(0).complete(BROKEN);
		this.time.advance(Duration.ofMillis(1_100));
		assertThat(drained).isCompletedWithValue(true);
		assertThat(webhook.counts().get(Outcome.DELIVERED)).isOne();
	}

	@Test
	void aNodeThatEndsDoesNotWaitForLong() {
		Webhook webhook = webhook(10, 1);
		this.receiver = (request) -> never();
		occupied(webhook, "room.1");
		vacated(webhook, "room.1");
		this.time.runDue();
		CompletableFuture<Boolean> drained = webhook.drain();
		this.time.advance(Duration.ofMillis(4_900));
		assertThat(drained).isNotDone();
		this.time.advance(Duration.ofMillis(200));
		assertThat(drained).isCompletedWithValue(false);
		assertThat(webhook.counts().get(Outcome.CLOSED)).isEqualTo(2);
		assertThat(this.open.get(0)).isCancelled();
	}

	private static CompletableFuture<Answer> answer(Answer answer) {
		return CompletableFuture.completedFuture(answer);
	}

	private CompletableFuture<Answer> never() {
		CompletableFuture<Answer> call = new CompletableFuture<>();
		this.open.add(call);
		return call;
	}

	private CompletableFuture<Answer> post(Map<String, String> headers, byte[] body) {
		String text = new String(body, StandardCharsets.UTF_8);
		String request = text.replaceAll("\\{\"type\":\"([^\"]+)\".*\"topic\":\"([^\"]+)\".*", "$1 $2");
		this.sent.add(request);
		this.times.add(this.time.clock().instant());
		this.ids.add(String.valueOf(headers.get("webhook-id")));
		return this.receiver.apply(request);
	}

	private void occupied(Webhook webhook, String topic) {
		webhook.offer(
				Happening.ofTopic(WebhookEvent.TOPIC_OCCUPIED, Topic.of(topic), "node-1", this.time.clock().instant()));
	}

	private void vacated(Webhook webhook, String topic) {
		webhook.offer(
				Happening.ofTopic(WebhookEvent.TOPIC_VACATED, Topic.of(topic), "node-1", this.time.clock().instant()));
	}

	private Webhook webhook(int queue, int requests) {
		return webhook(properties(queue, requests, Set.of(WebhookEvent.values()), List.of()));
	}

	private Webhook webhook(WebhookProperties properties) {
		return new Webhook("test", "realtime.webhooks.test", properties, this::post, this.loop);
	}

	private static WebhookProperties properties(int queue, int requests, Set<WebhookEvent> events,
			List<String> topics) {
		return new WebhookProperties("http://localhost/", List.of("A".repeat(32)), events, topics, queue, requests,
				Duration.ofSeconds(15), Duration.ofMinutes(10), Duration.ofSeconds(5), null);
	}

}
