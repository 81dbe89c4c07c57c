package dev.realtime.spring.publisher;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.realtime.IllegalTopicException;
import dev.realtime.Signal;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The application's door for {@link Signal signals}: what is worth knowing now and is
 * kept nowhere, such as where a cursor is. Inject it and {@link #send}. Whoever must
 * learn of something later, too, needs a message: see
 * {@link dev.realtime.RealtimePublisher}. Safe for any number of threads; nothing blocks.
 */
public final class RealtimeSignals {

	private final Function<Signal, CompletionStage<Void>> node;

	private final Supplier<JsonConverter> converter;

	private final long maxPayload;

	private final int maxInFlight;

	private final AtomicInteger inFlight = new AtomicInteger();

	/**
	 * Makes the door.
	 * @param node what carries signals
	 * @param converter makes JSON of payloads; taken when it is first needed
	 * @param maxPayload largest payload, in bytes of JSON
	 * @param maxInFlight how many may be on their way to the relay at once; more are
	 * dropped
	 */
	public RealtimeSignals(Function<Signal, CompletionStage<Void>> node, Supplier<JsonConverter> converter,
			long maxPayload, int maxInFlight) {
		this.node = node;
		this.converter = converter;
		this.maxPayload = maxPayload;
		this.maxInFlight = maxInFlight;
	}

	/**
	 * Tells those who are subscribed to the topic now.
	 * @param topic the topic's name
	 * @param type what kind of signal this is to the application, such as {@code cursor}
	 * @param payload becomes JSON; null for none
	 * @return completes when it is on its way, which does not mean that anybody gets it;
	 * fails when it could not be sent
	 * @throws IllegalArgumentException when topic, type or payload break a limit
	 */
	public CompletionStage<Void> send(String topic, String type, @Nullable Object payload) {
		return send(topic, type, null, payload);
	}

	/**
	 * The same, about a user.
	 * @param user the user's name, or null for nobody in particular
	 */
	public CompletionStage<Void> send(String topic, String type, @Nullable String user, @Nullable Object payload) {
		String json = (payload != null) ? this.converter.get().json(payload) : null;
		return send(new Signal(Topic.of(topic), type, user, json, null));
	}

	/**
	 * The same.
	 * @param signal its payload must be JSON
	 */
	public CompletionStage<Void> send(Signal signal) {
		check(signal);
		if (this.inFlight.incrementAndGet() > this.maxInFlight) {
			this.inFlight.decrementAndGet();
			return CompletableFuture.failedFuture(new IllegalStateException("Dropped a signal: " + this.maxInFlight
					+ " of this node are in flight, the most that realtime.publish.max-in-flight allows"));
		}
		return this.node.apply(signal).whenComplete((done, failure) -> this.inFlight.decrementAndGet());
	}

	private void check(Signal signal) {
		if (signal.topic().isReserved()) {
			throw IllegalTopicException.reserved(signal.topic().name());
		}
		String payload = signal.payload();
		if (payload != null && payload.getBytes(StandardCharsets.UTF_8).length > this.maxPayload) {
			throw new IllegalArgumentException("A signal's payload has at most " + this.maxPayload
					+ " bytes (realtime.signals.max-payload); publish a message instead");
		}
	}

}
