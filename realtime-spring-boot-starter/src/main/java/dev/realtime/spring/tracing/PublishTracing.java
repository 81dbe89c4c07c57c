package dev.realtime.spring.tracing;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.publisher.PublicationObserver;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * A span for each publication that is recorded. The message carries it, so that the nodes
 * that deliver the message continue the trace. Safe for any number of threads.
 */
final class PublishTracing implements PublicationObserver {

	private static final PublishObservationConvention DEFAULT = new DefaultPublishObservationConvention();

	private final Spans spans;

	private final @Nullable PublishObservationConvention convention;

	private final TopicPolicies policies;

	PublishTracing(Spans spans, @Nullable PublishObservationConvention convention, TopicPolicies policies) {
		this.spans = spans;
		this.convention = convention;
		this.policies = policies;
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication,
			Function<Publication, CompletionStage<PublishReceipt>> publisher) {
		int bytes = publication.content().size();
		if (!this.spans.mayBeRecorded() || !this.spans.enter(bytes)) {
			return publisher.apply(publication.traced(null));
		}
		Published published = new Published(publication);
		boolean waits = false;
		try {
			CompletionStage<PublishReceipt> stage = published.publish(publisher)
				.whenComplete((receipt, failure) -> this.spans.later(bytes, () -> published.end(receipt, failure)));
			waits = true;
			return stage;
		}
		finally {
			if (!waits) {
				this.spans.later(bytes, () -> published.end(null, null));
			}
		}
	}

	@Override
	public PublishReceipt publishAndWait(Publication publication, Function<Publication, PublishReceipt> publisher) {
		if (!this.spans.mayBeRecorded()) {
			return publisher.apply(publication.traced(null));
		}
		Published published = new Published(publication);
		PublishReceipt receipt = null;
		try {
			receipt = published.publish(publisher);
			return receipt;
		}
		finally {
			published.end(receipt, null);
		}
	}

	/** A publication that is observed, unless starting has failed. */
	private final class Published {

		private final Publication publication;

		private final Spans.@Nullable Started span;

		private @Nullable PublishObservationContext context;

		private @Nullable Throwable thrown;

		Published(Publication publication) {
			this.publication = publication;
			this.span = PublishTracing.this.spans.start(this::observation);
		}

		private Observation observation() {
			PublishObservationContext created = new PublishObservationContext(this.publication,
					PublishTracing.this.policies.ruleOf(this.publication.topic()));
			this.context = created;
			return RealtimeObservation.PUBLISH.observation(PublishTracing.this.convention, DEFAULT, () -> created,
					PublishTracing.this.spans.registry());
		}

		<T> T publish(Function<Publication, T> publisher) {
			Publication traced = this.publication.traced(traceparent());
			Spans.Opened opened = (this.span != null) ? this.span.open() : null;
			try {
				return publisher.apply(traced);
			}
			catch (Throwable ex) {
				this.thrown = ex;
				throw ex;
			}
			finally {
				if (opened != null) {
					opened.close();
				}
			}
		}

		/**
		 * A span that is not sampled is not carried, since no node would record the
		 * delivery.
		 */
		private @Nullable String traceparent() {
			Map<String, String> carrier = (this.span != null && this.context != null) ? this.context.getCarrier()
					: null;
			String known = (carrier != null) ? carrier.get("traceparent") : null;
			boolean sampled = known != null && !known.isEmpty()
					&& (Character.digit(known.charAt(known.length() - 1), 16) & 1) == 1;
			return sampled ? known : null;
		}

		void end(@Nullable PublishReceipt receipt, @Nullable Throwable failure) {
			if (this.span == null) {
				return;
			}
			if (receipt != null && this.context != null) {
				this.context.stored(receipt);
			}
			Throwable known = (failure != null) ? failure : this.thrown;
			this.span
				.end((known instanceof CompletionException && known.getCause() != null) ? known.getCause() : known);
		}

	}

}
