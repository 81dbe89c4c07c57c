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

}
