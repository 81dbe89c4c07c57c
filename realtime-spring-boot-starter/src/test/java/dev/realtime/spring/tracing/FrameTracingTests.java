package dev.realtime.spring.tracing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.spring.stomp.FrameObserver;
import dev.realtime.spring.stomp.FrameObserver.Observed;
import dev.realtime.spring.stomp.FrameObserver.Outcome;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Frames whose answer is late, comes twice or never, and conventions that fail. */
class FrameTracingTests {

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<String> ended = new CopyOnWriteArrayList<>();

	private final List<String> destinations = new CopyOnWriteArrayList<>();

	private final Spans spans = new Spans(Tracer.NOOP, this.registry, new Loops().loop("frame-tracing-tests"));

	private final FrameTracing tracing = tracing(null);

	FrameTracingTests() {
		this.registry.observationConfig().observationHandler(new Recorder());
	}

	@AfterEach
	void close() {
		this.spans.close();
	}

	@Test
	void theFirstEndCounts() {
		Observed observed = subscribe(this.tracing);
		observed.names(Topic.of("room"));
		observed.end(Outcome.REFUSED, "no-access");
		observed.end(Outcome.OK, null);
		observed.end(Outcome.CLOSED, null);
		await().untilAsserted(() -> assertThat(this.ended).containsExactly("refused no-access default"));
	}

	@Test
	void rule8_framesBeyondTheBoundAreNotObservedUntilOthersEnd() {
		List<Observed> pending = new ArrayList<>();
		for (int i = 0; i < FrameTracing.MOST_PENDING; i++) {
			pending.add(subscribe(this.tracing));
		}
		assertThat(this.tracing.connect("sse", (name) -> null)).isNull();
		assertThat(this.spans.dropped()).isOne();
		pending.get(0).end(Outcome.OK, null);
		pending.get(0).end(Outcome.OK, null);
		await().until(() -> this.ended.size() == 1);
		assertThat(this.tracing.connect("sse", (name) -> null)).isNotNull();
		assertThat(this.tracing.connect("sse", (name) -> null)).isNull();
	}

	@Test
	void rule9_aConventionThatFailsCostsNothingButTheSpan() {
		FrameTracing broken = tracing(new DefaultConnectObservationConvention() {

			@Override
			public String getName() {
				throw new AssertionError("on purpose");
			}

		});
		for (int i = 0; i <= FrameTracing.MOST_PENDING; i++) {
			assertThat(broken.connect("sse", (name) -> null)).isNull();
		}
		assertThat(this.registry.getCurrentObservationScope()).isNull();
		assertThat(this.spans.dropped()).isZero();
		subscribe(broken).end(Outcome.OK, null);
		await().until(() -> this.ended.size() == 1);
	}

	@Test
	void rule8_aDestinationThatNothingHasCheckedYetIsCut() {
		Observed observed = this.tracing.subscribe("websocket",
				(name) -> name.equals("destination") ? "/topic/" + "x".repeat(5_000) : null);
		Objects.requireNonNull(observed).end(Outcome.REFUSED, null);
		await().until(() -> this.destinations.size() == 1);
		assertThat(this.destinations.get(0)).startsWith("/topic/xxx").hasSize(1_000);
	}

	@Test
	void rule9_rulesThatFailAreNone() {
		FrameTracing broken = new FrameTracing(this.spans, null, null, timed(), new TopicPolicies() {

			@Override
			public TopicPolicy of(Topic topic) {
				return TopicPolicy.DEFAULT;
			}

			@Override
			public String ruleOf(Topic topic) {
				throw new AssertionError("on purpose");
			}

		}, true);
		Observed observed = subscribe(broken);
		observed.names(Topic.of("room"));
		observed.end(Outcome.OK, null);
		await().untilAsserted(() -> assertThat(this.ended).containsExactly("ok null none"));
	}

	private FrameTracing tracing(@Nullable ConnectObservationConvention convention) {
		return new FrameTracing(this.spans, convention, null, timed(), TopicPolicies.all(TopicPolicy.DEFAULT), true);
	}

	private TimedTracing timed() {
		return new TimedTracing(this.spans, new TimedTracing.Conventions(null, null, null, null),
				TopicPolicies.all(TopicPolicy.DEFAULT), "node");
	}

	private static Observed subscribe(FrameObserver observer) {
		return Objects.requireNonNull(
				observer.subscribe("websocket", (name) -> name.equals("destination") ? "/topic/room" : null));
	}

	/** Notes how observations end. */
	private final class Recorder implements ObservationHandler<Observation.Context> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof SubscribeObservationContext;
		}

		@Override
		public void onStop(Observation.Context context) {
			SubscribeObservationContext known = (SubscribeObservationContext) context;
			FrameTracingTests.this.destinations.add(known.destination());
			FrameTracingTests.this.ended
				.add(Objects.requireNonNull(known.outcome()) + " " + known.reason() + " " + known.rule());
		}

	}

}
