package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Heartbeats over WebSockets, in both directions.
 *
 * @param min the shortest interval, which the server offers and asks for: a client that
 * wants longer ones gets those; 0 means no heartbeats
 */
public record HeartbeatProperties(@DefaultValue("1s") Duration min) {

	public HeartbeatProperties {
		PropertyBounds.positiveOrZero("realtime.heartbeat.min", min);
	}

	/**
	 * Refuses {@code realtime.heartbeat} with a value of its own, as it was before it
	 * became a group. Called by Spring's conversion.
	 */
	@SuppressWarnings("DoNotCallSuggester")
	public static HeartbeatProperties valueOf(String value) {
		throw new InvalidRealtimePropertyException("realtime.heartbeat", value,
				"was renamed to realtime.heartbeat.min, the shortest interval that the server offers");
	}

}
