package dev.realtime.spring.tracing;

import java.time.Instant;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.feed.RepairCause;
import io.micrometer.observation.transport.Kind;

/**
 * What an observation of a repair knows: from when this node asked the log for messages
 * that the relay had not brought until they were handed to its shards. It has no parent.
 * The carrier is the topic.
 */
public final class RepairObservationContext extends TimedObservationContext<Topic> {

	private final RepairCause cause;

	private final Position last;

	private final int messages;

	private final String rule;

	private final String node;

	RepairObservationContext(Topic topic, RepairCause cause, Position last, int messages, Instant began, Instant ended,
			String rule, String node) {
		super(topic, (carrier) -> null, Kind.CLIENT, began, ended);
		this.cause = cause;
		this.last = last;
		this.messages = messages;
		this.rule = rule;
		this.node = node;
	}

	/** Returns the topic. */
	public Topic topic() {
		return getCarrier();
	}

	/** Returns what made the node read the log, in the words of the meters. */
	public String cause() {
		return this.cause.word();
	}

	/** Returns the position of the last message that it had. */
	public Position last() {
		return this.last;
	}

	/** Returns how many messages it had. */
	public int messages() {
		return this.messages;
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
