package dev.realtime.spring.tracing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.testing.Sneaky;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The span of a publication: when it ends, with what, and what the message carries. */
class PublishTracingTests {

	private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";

	private static final Publication PUBLICATION = Publication.of(Topic.of("room"), Content.text("text"));

	private static final PublishReceipt RECEIPT = new PublishReceipt(Topic.of("room"), new Position("E1", 1), 1, false,
			true);

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<PublishObservationContext> ended = new CopyOnWriteArrayList<>();

	/** Of the span that the tracer begins. */
	private String flags = "01";

	private final Spans spans = new Spans(Tracer.NOOP, this.registry, new Loops().loop("publish-tracing-tests"));

	private final PublishTracing tracing = new PublishTracing(this.spans, null, TopicPolicies.all(TopicPolicy.DEFAULT));

	PublishTracingTests() {
		this.registry.observationConfig().observationHandler(new Recorder());
	}

	@AfterEach
	void close() {
		this.spans.close();
	}

	@Test
	void itEndsWithTheReceiptAndNotBefore() {
		CompletableFuture<PublishReceipt> stored = new CompletableFuture<>();
		CompletableFuture<PublishReceipt> published = this.tracing.publish(PUBLICATION, (traced) -> stored)
			.toCompletableFuture();
		settle();
		assertThat(this.ended).isEmpty();
		assertThat(this.registry.getCurrentObservationScope()).isNull();
		stored.complete(RECEIPT);
		settle();
		assertThat(published).isCompletedWithValue(RECEIPT);
		assertThat(this.ended).singleElement().satisfies((context) -> {
			assertThat(context.receipt()).isEqualTo(RECEIPT);
			assertThat(context.getError()).isNull();
		});
		assertThatNothingWaits();
	}

	@Test
	void aFailureThatComesLaterIsItsErrorWithoutWhatIsAroundIt() {
		Exception failure = new IllegalStateException("away");
		CompletableFuture<PublishReceipt> stored = new CompletableFuture<>();
		CompletionStage<PublishReceipt> published = this.tracing.publish(PUBLICATION, (traced) -> stored);
		stored.completeExceptionally(new CompletionException(failure));
		settle();
		assertThat(published.toCompletableFuture()).isCompletedExceptionally();
		assertThat(this.ended).extracting(Observation.Context::getError).containsExactly(failure);
		assertThatNothingWaits();
	}

	@ParameterizedTest
	@MethodSource("thrown")
	void rule9_whatIsThrownAtOnceIsItsErrorAndIsThrown(Throwable thrown) {
		assertThatThrownBy(() -> this.tracing.publish(PUBLICATION, (traced) -> {
			throw Sneaky.sneak(thrown);
		})).isSameAs(thrown);
		assertThatThrownBy(() -> this.tracing.publishAndWait(PUBLICATION, (traced) -> {
			throw Sneaky.sneak(thrown);
		})).isSameAs(thrown);
		settle();
		assertThat(this.ended).extracting(Observation.Context::getError).containsExactly(thrown, thrown);
		assertThat(this.registry.getCurrentObservationScope()).isNull();
		assertThatNothingWaits();
	}

	@Test
	void theMessageCarriesItsSpanIfThatIsSampled() {
		List<Publication> given = new ArrayList<>();
		Publication again = Publication.of(PUBLICATION.topic(),
				PUBLICATION.content().traced(TRACE.replace('4', '5') + "01"));
		for (String each : List.of("01", "00", "03")) {
			this.flags = each;
			for (Publication publication : List.of(PUBLICATION, again)) {
				this.tracing.publishAndWait(publication, (traced) -> {
					given.add(traced);
					return RECEIPT;
				});
			}
		}
		assertThat(given).extracting((traced) -> traced.content().trace())
			.containsExactly(TRACE + "01", TRACE + "01", null, null, TRACE + "03", TRACE + "03");
	}

	private static List<Throwable> thrown() {
		return List.of(new IllegalStateException("away"), new NoClassDefFoundError("gone"), new IOException("away"));
	}

	private void assertThatNothingWaits() {
		assertThat(this.spans.enter((int) Spans.MOST_BYTES)).as("all places are free").isTrue();
	}

	private void settle() {
		CountDownLatch done = new CountDownLatch(1);
		this.spans.execute(done::countDown);
		await().until(() -> done.getCount() == 0);
	}

	/** Does what a tracer's handler does, and notes what has ended. */
	private final class Recorder implements ObservationHandler<PublishObservationContext> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof PublishObservationContext;
		}

		@Override
		public void onStart(PublishObservationContext context) {
			Objects.requireNonNull(context.getCarrier()).put("traceparent", TRACE + PublishTracingTests.this.flags);
		}

		@Override
		public void onStop(PublishObservationContext context) {
			PublishTracingTests.this.ended.add(context);
		}

	}

}
