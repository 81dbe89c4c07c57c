package dev.realtime.spring.tracing;

import java.time.Instant;
import java.util.List;

import dev.realtime.TopicMessage;
import io.micrometer.observation.transport.Kind;

/**
 * What an observation of a delivery knows: from when the message was numbered, by the
 * store's clock, until a shard of this node had offered it to all its live subscribers.
 * Messages that are delivered together are one delivery. The carrier is the first one
 * with a trace; the span has links to the others.
 */
public final class DeliverObservationContext extends TimedObservationContext<TopicMessage> {

	private final List<TopicMessage> messages;

	private final String rule;

	private final String node;

	DeliverObservationContext(List<TopicMessage> messages, Instant delivered, String rule, String node) {
		super(messages.get(0), (carrier) -> carrier.content().trace(), Kind.CONSUMER,
				Instant.ofEpochMilli(messages.get(0).timestamp()), delivered);
		this.messages = List.copyOf(messages);
		this.rule = rule;
		this.node = node;
	}

	/** Returns the message, or the first one with a trace. */
	public TopicMessage message() {
		return this.messages.get(0);
	}

	/** Returns the messages with a trace that were delivered together. */
	public List<TopicMessage> messages() {
		return this.messages;
	}

	/** Returns when the shard had offered it to its subscribers. */
	public Instant delivered() {
		return ended();
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
