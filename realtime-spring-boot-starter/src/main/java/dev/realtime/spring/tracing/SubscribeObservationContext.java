package dev.realtime.spring.tracing;

import java.util.function.UnaryOperator;

import io.micrometer.common.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of a client's SUBSCRIBE knows: until its RECEIPT would be sent, or
 * its refusal.
 */
public final class SubscribeObservationContext extends FrameObservationContext {

	private final String destination;

	private volatile String rule = KeyValue.NONE_VALUE;

	SubscribeObservationContext(String transport, UnaryOperator<@Nullable String> headers, String destination) {
		super(transport, headers);
		this.destination = destination;
	}

	/** Returns what the client subscribes to, which it chooses; empty without one. */
	public String destination() {
		return this.destination;
	}

	/**
	 * Returns the name of the rule below {@code realtime.topics} that decides;
	 * {@code none} where the destination is not that of one topic, or before that is
	 * known.
	 */
	public String rule() {
		return this.rule;
	}

	void setRule(String rule) {
		this.rule = rule;
	}

}
