package dev.realtime.spring.tracing;

import java.time.Instant;

import dev.realtime.connection.SubscribeOutcome.Recovery;
import io.micrometer.observation.transport.Kind;

/**
 * What an observation of a recovery knows: from a SUBSCRIBE that names a position until
 * everything that follows it was handed to the client's queue. The carrier is the
 * {@code traceparent} of the SUBSCRIBE's span.
 */
public final class RecoverObservationContext extends TimedObservationContext<String> {

	private final String destination;

	private final String rule;

	private final Recovery outcome;

	private final int messages;

	RecoverObservationContext(String traceparent, String destination, String rule, Recovery outcome, int messages,
			Instant began, Instant ended) {
		super(traceparent, (carrier) -> carrier, Kind.CLIENT, began, ended);
		this.destination = destination;
		this.rule = rule;
		this.outcome = outcome;
		this.messages = messages;
	}

	/** Returns what the client has subscribed to. */
	public String destination() {
		return this.destination;
	}

	/** Returns the name of the rule below {@code realtime.topics} that decides. */
	public String rule() {
		return this.rule;
	}

	/** Returns {@code ok}, or why the client could not recover. */
	public String outcome() {
		String reason = this.outcome.reason();
		return (reason != null) ? reason : "ok";
	}

	/** Returns how many messages were replayed. */
	public int messages() {
		return this.messages;
	}

}
