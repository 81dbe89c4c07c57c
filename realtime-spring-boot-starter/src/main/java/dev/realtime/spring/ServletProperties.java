package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.servlet}: WebSockets in the servlet container.
 *
 * @param transport who reads and writes their bytes after the handshake: auto takes the
 * socket over where the container hands it over, and leaves it to the container elsewhere
 * @param pingInterval after how long of silence a client is sent a WebSocket ping, where
 * the socket was taken over; one that is silent for twice as long is closed; 0 means no
 * pings
 * @param compression whether messages are compressed for clients that offer
 * permessage-deflate, where the socket was taken over
 */
public record ServletProperties(@DefaultValue("auto") ServletTransportKind transport,
		@DefaultValue("30s") Duration pingInterval, @DefaultValue("false") boolean compression) {

	public ServletProperties {
		PropertyBounds.positiveOrZero("realtime.servlet.ping-interval", pingInterval);
	}

	/** Who reads and writes a WebSocket's bytes. */
	public enum ServletTransportKind {

		/** We do where the container hands the socket over, else the container. */
		AUTO,

		/** We do; a handshake fails where the container keeps the socket. */
		DIRECT,

		/** The container. */
		STANDARD

	}

}
