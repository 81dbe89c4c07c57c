package dev.realtime.spring.tracing;

import java.time.Instant;

import dev.realtime.TopicMessage;
import io.micrometer.observation.transport.Kind;

/**
 * What an observation of an announcement knows: from when a stored message was handed to
 * the relay until that had taken it, or has failed. The carrier is the message.
 */
public final class AnnounceObservationContext extends TimedObservationContext<TopicMessage> {

	private final String rule;

	AnnounceObservationContext(TopicMessage message, Instant began, Instant ended, String rule) {
		super(message, (carrier) -> carrier.content().trace(), Kind.CLIENT, began, ended);
		this.rule = rule;
	}

	/** Returns the message. */
	public TopicMessage message() {
		return getCarrier();
	}

	/** Returns the name of the rule below {@code realtime.topics} that decides. */
	public String rule() {
		return this.rule;
	}

}
