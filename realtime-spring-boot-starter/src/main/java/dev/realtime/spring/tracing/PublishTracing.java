package dev.realtime.spring.tracing;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.publisher.PublicationObserver;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A span for each publication that is recorded. The message carries it, so that the nodes
 * that deliver the message continue the trace. Safe for any number of threads.
 */
final class PublishTracing implements PublicationObserver {

	private static final PublishObservationConvention DEFAULT = new DefaultPublishObservationConvention();

	private final Spans spans;

	private final ObservationRegistry registry;

	private final @Nullable PublishObservationConvention convention;

	private final TopicPolicies policies;

	PublishTracing(Spans spans, ObservationRegistry registry, @Nullable PublishObservationConvention convention,
			TopicPolicies policies) {
		this.spans = spans;
		this.registry = registry;
		this.convention = convention;
		this.policies = policies;
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication,
			Function<Publication, CompletionStage<PublishReceipt>> publisher) {
		if (!this.spans.mayBeRecorded()) {
			return publisher.apply(publication);
		}
		PublishObservationContext context = context(publication);
		Spans.Started span = start(context);
		if (span == null) {
			return publisher.apply(publication);
		}
		CompletionStage<PublishReceipt> stage = within(span, context, publisher);
		return stage.whenComplete((receipt, failure) -> this.spans.later(() -> end(span, context, receipt, failure)));
	}

	@Override
	public PublishReceipt publishAndWait(Publication publication, Function<Publication, PublishReceipt> publisher) {
		if (!this.spans.mayBeRecorded()) {
			return publisher.apply(publication);
		}
		PublishObservationContext context = context(publication);
		Spans.Started span = start(context);
		if (span == null) {
			return publisher.apply(publication);
		}
		PublishReceipt receipt = within(span, context, publisher);
		end(span, context, receipt, null);
		return receipt;
	}

	private PublishObservationContext context(Publication publication) {
		return new PublishObservationContext(publication, this.policies.ruleOf(publication.topic()));
	}

	private Spans.@Nullable Started start(PublishObservationContext context) {
		return this.spans.start(
				() -> RealtimeObservation.PUBLISH.observation(this.convention, DEFAULT, () -> context, this.registry));
	}

	private static <T> T within(Spans.Started span, PublishObservationContext context,
			Function<Publication, T> publisher) {
		span.open();
		try {
			return publisher.apply(traced(context));
		}
		catch (RuntimeException | Error ex) {
			span.end(ex);
			throw ex;
		}
		finally {
			span.close();
		}
	}

	/** What is not sampled is not carried: nobody would record its delivery. */
	private static Publication traced(PublishObservationContext context) {
		Map<String, String> carrier = context.getCarrier();
		String traceparent = (carrier != null) ? carrier.get("traceparent") : null;
		boolean sampled = traceparent != null && !traceparent.isEmpty()
				&& (Character.digit(traceparent.charAt(traceparent.length() - 1), 16) & 1) == 1;
		return sampled ? context.publication().traced(traceparent) : context.publication();
	}

	private static void end(Spans.Started span, PublishObservationContext context, @Nullable PublishReceipt receipt,
			@Nullable Throwable failure) {
		if (receipt != null) {
			context.stored(receipt);
		}
		span.end((failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure);
	}

}
