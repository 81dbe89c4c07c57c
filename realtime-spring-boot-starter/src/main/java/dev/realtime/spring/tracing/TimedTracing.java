package dev.realtime.spring.tracing;

import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.feed.RepairCause;
import dev.realtime.feed.RepairListener;
import dev.realtime.relay.AnnounceListener;
import dev.realtime.spring.publisher.StoreObserver;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Spans of what is over when they are recorded: messages that were stored and announced,
 * recoveries and repairs. Called by threads that must not wait, which only pass on what
 * they know. Safe for any number of threads.
 */
final class TimedTracing implements StoreObserver, AnnounceListener, RepairListener {

	private static final StoreObservationConvention STORE = new DefaultStoreObservationConvention();

	private static final AnnounceObservationConvention ANNOUNCE = new DefaultAnnounceObservationConvention();

	private static final RecoverObservationConvention RECOVER = new DefaultRecoverObservationConvention();

	private static final RepairObservationConvention REPAIR = new DefaultRepairObservationConvention();

	private final Spans spans;

	private final Conventions conventions;

	private final TopicPolicies policies;

	private final String node;

	TimedTracing(Spans spans, Conventions conventions, TopicPolicies policies, String node) {
		this.spans = spans;
		this.conventions = conventions;
		this.policies = policies;
		this.node = node;
	}

	@Override
	public CompletionStage<PublishReceipt> store(Publication publication,
			Function<Publication, CompletionStage<PublishReceipt>> store) {
		Instant began = Instant.now();
		try {
			CompletionStage<PublishReceipt> stored = store.apply(publication);
			CompletionStage<PublishReceipt> unused = stored
				.whenComplete((receipt, failure) -> stored(publication, began, receipt, failure));
			return stored;
		}
		catch (Throwable ex) {
			stored(publication, began, null, ex);
			throw ex;
		}
	}

	private void stored(Publication publication, Instant began, @Nullable PublishReceipt receipt,
			@Nullable Throwable failure) {
		Instant ended = Instant.now();
		later(publication.content().size(), failure,
				() -> RealtimeObservation.STORE.observation(this.conventions.store(), STORE,
						() -> new StoreObservationContext(publication, receipt, began, ended,
								this.policies.ruleOf(publication.topic())),
						this.spans.registry()));
	}

	@Override
	public void announced(TopicMessage message, long nanos, @Nullable Throwable failure) {
		Instant ended = Instant.now();
		later(message.content().size(), failure,
				() -> RealtimeObservation.ANNOUNCE.observation(
						this.conventions.announce(), ANNOUNCE, () -> new AnnounceObservationContext(message,
								ended.minusNanos(nanos), ended, this.policies.ruleOf(message.topic())),
						this.spans.registry()));
	}

	@Override
	public void repaired(Topic topic, RepairCause cause, Position last, int messages, long nanos) {
		Instant ended = Instant.now();
		later(0, null,
				() -> RealtimeObservation.REPAIR.observation(
						this.conventions.repair(), REPAIR, () -> new RepairObservationContext(topic, cause, last,
								messages, ended.minusNanos(nanos), ended, this.policies.ruleOf(topic), this.node),
						this.spans.registry()));
	}

	/** A client has recovered, whose SUBSCRIBE has a span. */
	void recovered(String traceparent, SubscribeObservationContext subscribe, Recovery outcome, long nanos,
			int messages) {
		Instant ended = Instant.now();
		later(0, null, () -> RealtimeObservation.RECOVER.observation(
				this.conventions.recover(), RECOVER, () -> new RecoverObservationContext(traceparent,
						subscribe.destination(), subscribe.rule(), outcome, messages, ended.minusNanos(nanos), ended),
				this.spans.registry()));
	}

	private void later(int bytes, @Nullable Throwable failure, Supplier<Observation> observation) {
		if (this.spans.enter(bytes)) {
			this.spans.later(bytes, () -> {
				Spans.Started span = this.spans.start(observation);
				if (span != null) {
					span.end(cause(failure));
				}
			});
		}
	}

	private static @Nullable Throwable cause(@Nullable Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/** What names these observations; null for the default. */
	record Conventions(@Nullable StoreObservationConvention store, @Nullable AnnounceObservationConvention announce,
			@Nullable RecoverObservationConvention recover, @Nullable RepairObservationConvention repair) {
	}

}
