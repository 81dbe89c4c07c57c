package dev.realtime.spring.tracing;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.feed.RepairCause;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.stomp.FrameObserver.Observed;
import dev.realtime.spring.stomp.FrameObserver.Outcome;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Where nothing handles observations, or ours are switched off. */
class UnobservedTests {

	private static final Topic TOPIC = Topic.of("room");

	private static final Publication PUBLICATION = Publication.of(TOPIC, Content.text("text"));

	private static final PublishReceipt RECEIPT = new PublishReceipt(TOPIC, new Position("E1", 1), 1, false, true);

	/** As another node has published it, whose observations are handled. */
	private static final TopicMessage TRACED = new TopicMessage(TOPIC, new Position("E1", 1), 1_000, null,
			Content.text("text").traced("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), null, 0);

	private static final TopicPolicies POLICIES = TopicPolicies.all(TopicPolicy.DEFAULT);

	private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);

	private final Loop loop = new Loops().adopt("unobserved-tests", this.thread);

	private final AtomicInteger asked = new AtomicInteger();

	private final Tracer tracer = (Tracer) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { Tracer.class }, (proxy, method, arguments) -> {
				this.asked.incrementAndGet();
				return null;
			});

	@AfterEach
	void close() {
		this.loop.close();
		this.thread.shutdownNow();
	}

	static List<ObservationRegistry> unhandled() {
		return List.of(ObservationRegistry.NOOP, ObservationRegistry.create());
	}

	@ParameterizedTest
	@MethodSource("unhandled")
	void nothingIsDoneForAMessageOrAFrameThatNothingHandles(ObservationRegistry registry) {
		try (Spans spans = new Spans(this.tracer, registry, this.loop)) {
			assertThat(publish(spans)).containsExactly(PUBLICATION, PUBLICATION);
			FrameTracing frames = frames(spans);
			assertThat(frames.connect("sse", (name) -> null)).isNull();
			assertThat(frames.subscribe("sse", (name) -> null)).isNull();
			assertThat(new ReceiveTracing(spans, null, true).begin((name) -> null, "/app/say")).isNull();
			new DeliverTracing(spans, null, POLICIES, "node").accept(List.of(TRACED));
			TimedTracing timed = timed(spans);
			timed.announced(TRACED, 1_000, null);
			timed.repaired(TOPIC, RepairCause.HOLE, new Position("E1", 1), 1, 1_000);
			timed.store(Publication.of(TOPIC, TRACED.content()), (given) -> CompletableFuture.completedFuture(RECEIPT));
			assertThat(spans.dropped()).isZero();
			assertThat(this.thread.getTaskCount()).as("tasks of the loop").isZero();
			assertThat(this.asked).as("calls of the tracer").hasValue(0);
		}
	}

	@Test
	void ofWhatIsSwitchedOffNothingIsRecordedAndNothingKept() {
		List<String> recorded = new CopyOnWriteArrayList<>();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

			@Override
			public void onStop(Observation.Context context) {
				recorded.add(String.valueOf(context.getName()));
			}

		}).observationPredicate((name, context) -> !name.startsWith("realtime."));
		try (Spans spans = new Spans(Tracer.NOOP, registry, this.loop)) {
			Observation around = Observation.start("around", registry);
			try (Observation.Scope scope = around.openScope()) {
				assertThat(publish(spans)).containsExactly(PUBLICATION, PUBLICATION);
				FrameTracing frames = frames(spans);
				for (int i = 0; i <= FrameTracing.MOST_PENDING; i++) {
					Observed observed = Objects.requireNonNull(frames.subscribe("sse", (name) -> null));
					observed.open().run();
					observed.names(TOPIC);
					observed.end(Outcome.OK, null);
					observed.recovered(Recovery.RECOVERED, 1_000, 1);
					if (i % 1_000 == 0) {
						settle(spans);
					}
				}
				new DeliverTracing(spans, null, POLICIES, "node").accept(List.of(TRACED));
				timed(spans).announced(TRACED, 1_000, null);
				assertThat(registry.getCurrentObservationScope()).isSameAs(scope);
			}
			settle(spans);
			around.stop();
			assertThat(spans.dropped()).isZero();
			assertThat(spans.enter((int) Spans.MOST_BYTES)).as("nothing waits any more").isTrue();
		}
		assertThat(this.loop.state().failures()).isZero();
		assertThat(recorded).containsExactly("around");
	}

	/** Publishes in both ways; returns what the publisher was given. */
	private static List<Publication> publish(Spans spans) {
		PublishTracing publishing = new PublishTracing(spans, null, POLICIES);
		List<Publication> given = new ArrayList<>();
		assertThat(publishing.publishAndWait(PUBLICATION, (publication) -> {
			given.add(publication);
			return RECEIPT;
		})).isEqualTo(RECEIPT);
		assertThat(publishing.publish(PUBLICATION, (publication) -> {
			given.add(publication);
			return CompletableFuture.completedFuture(RECEIPT);
		}).toCompletableFuture()).isCompletedWithValue(RECEIPT);
		return given;
	}

	private static FrameTracing frames(Spans spans) {
		return new FrameTracing(spans, null, null, timed(spans), POLICIES, true);
	}

	private static TimedTracing timed(Spans spans) {
		return new TimedTracing(spans, new TimedTracing.Conventions(null, null, null, null), POLICIES, "node");
	}

	private static void settle(Spans spans) {
		CountDownLatch done = new CountDownLatch(1);
		spans.execute(done::countDown);
		await().until(() -> done.getCount() == 0);
	}

}
