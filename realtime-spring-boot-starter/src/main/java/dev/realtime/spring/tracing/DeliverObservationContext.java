package dev.realtime.spring.tracing;

import java.time.Instant;

import dev.realtime.TopicMessage;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * What an observation of a delivery knows: from when the message was numbered until a
 * shard of this node had offered it to all its live subscribers. The carrier is the
 * message.
 */
public final class DeliverObservationContext extends ReceiverContext<TopicMessage> {

	private final Instant delivered;

	private final String rule;

	private final String node;

	DeliverObservationContext(TopicMessage message, Instant delivered, String rule, String node) {
		super((carrier, name) -> "traceparent".equals(name) ? carrier.content().trace() : null, Kind.CONSUMER);
		this.delivered = delivered;
		this.rule = rule;
		this.node = node;
		setCarrier(message);
	}

	/** Returns the message. */
	public TopicMessage message() {
		return getCarrier();
	}

	/** Returns when the shard had offered it to its subscribers. */
	public Instant delivered() {
		return this.delivered;
	}

	/** Returns the name of the rule below {@code realtime.topics} that decides. */
	public String rule() {
		return this.rule;
	}

	/** Returns the id of this node. */
	public String node() {
		return this.node;
	}

}
