package dev.realtime.spring.tracing;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Handlers and tracers that fail, and what waits. */
class SpansTests {

	private static final Publication PUBLICATION = Publication.of(Topic.of("room"), Content.text("text"));

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<String> events = new ArrayList<>();

	private String failing = "";

	private final Spans spans = new Spans(Tracer.NOOP, this.registry, new Loops().loop("spans-tests"));

	SpansTests() {
		this.registry.observationConfig().observationHandler(new Recorder());
	}

	@AfterEach
	void close() {
		this.spans.close();
	}

	@Test
	void rule9_aHandlerThatFailsAtAScopeLeavesNoneOnTheThread() {
		for (String step : List.of("open", "close")) {
			this.failing = step;
			assertThat(publishing(this.spans).publishAndWait(PUBLICATION, SpansTests::stored).position().seq()).isOne();
			assertThat(this.registry.getCurrentObservationScope()).isNull();
		}
	}

	@Test
	void rule9_anObservationThatFailsWhileItStartsIsEnded() {
		this.failing = "start";
		assertThat(publishing(this.spans).publishAndWait(PUBLICATION, SpansTests::stored).position().seq()).isOne();
		assertThat(this.events).containsExactly("start", "stop");
	}

	@Test
	void rule9_aTracerThatFailsKeepsNoMessageFromBeingPublished() {
		Tracer broken = (Tracer) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Tracer.class },
				(proxy, method, arguments) -> {
					throw new IllegalStateException("on purpose");
				});
		try (Spans failing = new Spans(broken, this.registry, new Loops().loop("spans-tests"))) {
			assertThat(publishing(failing).publishAndWait(PUBLICATION, SpansTests::stored).position().seq()).isOne();
		}
	}

	@Test
	void theScopeOfAPublicationThatFailsIsClosedBeforeItsEnd() {
		assertThatThrownBy(() -> publishing(this.spans).publishAndWait(PUBLICATION, (traced) -> {
			throw new IllegalStateException("no store");
		})).hasMessage("no store");
		assertThat(this.events).containsExactly("start", "open", "close", "error no store", "stop");
	}

	@Test
	void rule8_whatHasNoPlaceIsPublishedUnobservedAndCounted() {
		assertThat(this.spans.enter((int) Spans.MOST_BYTES)).isTrue();
		assertThat(publishing(this.spans)
			.publish(PUBLICATION, (traced) -> CompletableFuture.completedFuture(stored(traced)))
			.toCompletableFuture()
			.join()
			.position()
			.seq()).isOne();
		assertThat(this.events).isEmpty();
		assertThat(this.spans.dropped()).isOne();
	}

	@Test
	void whatWaitsWhenTheLoopIsClosedEndsAllTheSame() {
		assertThat(this.spans.enter(1)).isTrue();
		this.spans.close();
		this.spans.later(1, () -> this.events.add("ended"));
		assertThat(this.events).containsExactly("ended");
		assertThat(this.spans.enter((int) Spans.MOST_BYTES)).isTrue();
	}

	private static PublishTracing publishing(Spans spans) {
		return new PublishTracing(spans, null, TopicPolicies.all(TopicPolicy.DEFAULT));
	}

	private static PublishReceipt stored(Publication publication) {
		return new PublishReceipt(publication.topic(), new Position("EPOCH", 1), 1, false, true);
	}

	/** Notes what happens, and throws at one step. */
	private final class Recorder implements ObservationHandler<Observation.Context> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onStart(Observation.Context context) {
			note("start");
		}

		@Override
		public void onError(Observation.Context context) {
			note("error " + String.valueOf(context.getError()).replaceFirst(".*: ", ""));
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			note("open");
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			note("close");
		}

		@Override
		public void onStop(Observation.Context context) {
			note("stop");
		}

		private void note(String event) {
			SpansTests.this.events.add(event);
			if (event.equals(SpansTests.this.failing)) {
				throw new AssertionError("on purpose: " + event);
			}
		}

	}

}
