package dev.realtime.spring.tracing;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.feed.RepairCause;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;
import dev.realtime.relay.ObservedRelay;
import dev.realtime.relay.Relay;
import dev.realtime.testing.Sneaky;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What was stored, announced or repaired is one span, with the error if it failed. */
class TimedTracingTests {

	private static final Topic TOPIC = Topic.of("room");

	private static final Content TRACED = Content.text("text")
		.traced("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

	private static final Publication PUBLICATION = Publication.of(TOPIC, TRACED);

	private static final TopicMessage MESSAGE = new TopicMessage(TOPIC, new Position("E1", 1), 1_000, null, TRACED,
			null, 0);

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<TimedObservationContext<?>> ended = new CopyOnWriteArrayList<>();

	private final Spans spans = new Spans(Tracer.NOOP, this.registry, new Loops().loop("timed-tracing-tests"));

	private final TimedTracing timed = new TimedTracing(this.spans,
			new TimedTracing.Conventions(null, null, null, null), TopicPolicies.all(TopicPolicy.DEFAULT), "node");

	TimedTracingTests() {
		this.registry.observationConfig().observationHandler(new Recorder());
	}

	@AfterEach
	void close() {
		this.spans.close();
	}

	@ParameterizedTest
	@MethodSource("thrown")
	void rule9_aBrokerThatThrowsAtOnceIsOneSpanWithTheError(Throwable thrown) {
		assertThatThrownBy(() -> this.timed.store(PUBLICATION, (publication) -> {
			throw Sneaky.sneak(thrown);
		})).isSameAs(thrown);
		assertThat(errors()).containsExactly(thrown);
	}

	@ParameterizedTest
	@MethodSource("unchecked")
	void rule9_aRelayThatThrowsAtOnceIsOneSpanWithTheError(Throwable thrown) {
		Relay relay = new ObservedRelay(relay((message) -> {
			throw Sneaky.sneak(thrown);
		}), () -> this.timed, Environment.system());
		assertThatThrownBy(() -> relay.announce(MESSAGE)).isSameAs(thrown);
		assertThat(errors()).containsExactly(thrown);
	}

	@Test
	void aFailureThatComesLaterIsTheErrorWithoutWhatIsAroundIt() {
		Exception failure = new IllegalStateException("away");
		CompletableFuture<PublishReceipt> stored = new CompletableFuture<>();
		CompletionStage<PublishReceipt> returned = this.timed.store(PUBLICATION, (publication) -> stored);
		assertThat(returned).isSameAs(stored);
		assertThat(errors()).isEmpty();
		stored.completeExceptionally(new CompletionException(failure));
		assertThat(errors()).containsExactly(failure);
		Relay relay = new ObservedRelay(relay((message) -> CompletableFuture.failedFuture(failure)), () -> this.timed,
				Environment.system());
		assertThat(relay.announce(MESSAGE).toCompletableFuture()).isCompletedExceptionally();
		assertThat(errors()).containsExactly(failure, failure);
	}

	@Test
	void whatSucceedsHasNoError() {
		PublishReceipt receipt = new PublishReceipt(TOPIC, new Position("E1", 1), 1, false, true);
		this.timed.store(PUBLICATION, (publication) -> CompletableFuture.completedFuture(receipt));
		this.timed.announced(MESSAGE, 1_000, null);
		this.timed.repaired(TOPIC, RepairCause.HOLE, new Position("E1", 1), 1, 1_000);
		assertThat(errors()).containsOnlyNulls().hasSize(3);
		assertThat(this.ended.get(0)).isInstanceOfSatisfying(StoreObservationContext.class,
				(store) -> assertThat(store.receipt()).isEqualTo(receipt));
		assertThat(this.ended.stream().<Object>map(ReceiverContext::getCarrier)).containsExactly(PUBLICATION, MESSAGE,
				TOPIC);
	}

	@Test
	void messagesThatAreDeliveredTogetherAreOneSpan() {
		TopicMessage second = new TopicMessage(TOPIC, new Position("E1", 2), 2_000, null, TRACED, null, 0);
		DeliverTracing deliver = new DeliverTracing(this.spans, null, TopicPolicies.all(TopicPolicy.DEFAULT), "node");
		deliver.accept(List.of(MESSAGE, second));
		assertThat(errors()).hasSize(1);
		assertThat(this.ended.get(0)).isInstanceOfSatisfying(DeliverObservationContext.class, (context) -> {
			assertThat(context.messages()).containsExactly(MESSAGE, second);
			assertThat(context.began()).isEqualTo(Instant.ofEpochMilli(1_000));
			assertThat(context.node()).isEqualTo("node");
		});
		assertThat(this.spans.enter((int) Spans.MOST_BYTES)).as("all places are free").isTrue();
		deliver.accept(List.of(MESSAGE));
		assertThat(errors()).hasSize(1);
		assertThat(this.spans.dropped()).isOne();
	}

	@Test
	void itsTimesAreThoseOfWhatIsOver() {
		this.timed.announced(MESSAGE, 5_000_000_000L, null);
		assertThat(errors()).hasSize(1);
		TimedObservationContext<?> announce = this.ended.get(0);
		assertThat(Duration.between(announce.began(), announce.ended())).isEqualTo(Duration.ofSeconds(5));
		Instant later = announce.ended().plusSeconds(1);
		AnnounceObservationContext setBack = new AnnounceObservationContext(MESSAGE, later, announce.ended(), "rule");
		assertThat(setBack.began()).as("no span ends before it begins").isEqualTo(setBack.ended());
	}

	@Test
	void rule8_whatHasNoPlaceIsCountedAndNotObserved() {
		assertThat(this.spans.enter((int) Spans.MOST_BYTES)).isTrue();
		this.timed.announced(MESSAGE, 1_000, null);
		assertThat(errors()).isEmpty();
		assertThat(this.spans.dropped()).isOne();
		this.spans.later((int) Spans.MOST_BYTES, () -> {
		});
		assertThat(errors()).isEmpty();
		this.timed.announced(MESSAGE, 1_000, null);
		assertThat(errors()).hasSize(1);
	}

	private static List<Throwable> unchecked() {
		return List.of(new IllegalStateException("away"), new NoClassDefFoundError("gone"));
	}

	private static List<Throwable> thrown() {
		return Stream.concat(unchecked().stream(), Stream.of(new IOException("away"))).toList();
	}

	private static Relay relay(Function<TopicMessage, CompletionStage<Void>> announce) {
		return (Relay) Proxy.newProxyInstance(TimedTracingTests.class.getClassLoader(), new Class<?>[] { Relay.class },
				(proxy, method, arguments) -> announce.apply((TopicMessage) arguments[0]));
	}

	/** The errors of all that has ended, once the loop has done what it was given. */
	private List<@Nullable Throwable> errors() {
		CountDownLatch done = new CountDownLatch(1);
		this.spans.execute(done::countDown);
		await().until(() -> done.getCount() == 0);
		List<@Nullable Throwable> errors = new ArrayList<>();
		this.ended.forEach((context) -> errors.add(context.getError()));
		return errors;
	}

	private final class Recorder implements ObservationHandler<Observation.Context> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onStop(Observation.Context context) {
			TimedTracingTests.this.ended.add((TimedObservationContext<?>) context);
		}

	}

}
