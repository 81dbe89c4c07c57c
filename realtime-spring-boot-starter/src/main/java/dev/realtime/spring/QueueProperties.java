package dev.realtime.spring;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.queue}: what may wait for one connection, and how it is written.
 *
 * @param maxMessages how many frames may wait to be written to one connection
 * @param maxBytes how many bytes of frames may wait to be written to one connection
 * @param interceptorThreads on how many threads interceptors of the client outbound
 * channel see topic messages; 0 means two for each core
 * @param packing for which clients several STOMP frames that wait share one WebSocket
 * message in the servlet container: announced (those that sent realtime:1) or always
 */
public record QueueProperties(@DefaultValue("1000") int maxMessages, @DefaultValue("1MB") DataSize maxBytes,
		@DefaultValue("0") int interceptorThreads, @DefaultValue("announced") FramePacking packing) {

	public QueueProperties {
		PropertyBounds.range("realtime.queue.max-messages", maxMessages, 1, 10_000_000);
		PropertyBounds.size("realtime.queue.max-bytes", maxBytes, 1_024);
		PropertyBounds.range("realtime.queue.interceptor-threads", interceptorThreads, 0, 1_024);
	}

	/** How many threads to use: never 0. */
	public int effectiveInterceptorThreads() {
		return (this.interceptorThreads > 0) ? this.interceptorThreads : 2 * Runtime.getRuntime().availableProcessors();
	}

}
