package dev.realtime.spring;

import java.time.Duration;
import java.util.List;

import dev.realtime.hub.HubOptions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A WebSocket listener of our own, on Netty's event loops, beside the servlet container.
 * Bounds are checked when the application starts.
 *
 * @param port where it listens; 0 means any free port, none means no listener
 * @param address the local address to listen on; none means all
 * @param threads number of event loops, each a delivery shard; 0 means one for every
 * second core
 * @param transport which of the system's interfaces to use; auto takes the fastest that
 * is there
 * @param maxConnections most connections at once; more are answered with 503
 * @param backlog connections that may wait to be accepted
 * @param handshakeTimeout how long a client may take from connecting to the end of its
 * WebSocket handshake
 * @param maxHandshakeSize largest request line and largest header of a handshake, each
 * @param pingInterval after how long of silence a client is sent a WebSocket ping; one
 * that is silent for twice as long is closed; 0 means no pings
 * @param sslBundle name of the SSL bundle to serve TLS with; none means no TLS
 * @param trustedProxies address ranges, such as 10.0.0.0/8, of the proxies that are
 * believed when they say who the client is; none means that nobody is
 * @param proxyProtocol whether each connection begins with a PROXY protocol header
 * (version 1 or 2) of a trusted proxy
 * @param compression whether messages are compressed for clients that offer
 * permessage-deflate
 */
public record NettyProperties(@Nullable Integer port, @Nullable String address, @DefaultValue("0") int threads,
		@DefaultValue("auto") NettyTransportKind transport, @DefaultValue("50000") int maxConnections,
		@DefaultValue("4096") int backlog, @DefaultValue("10s") Duration handshakeTimeout,
		@DefaultValue("8KB") DataSize maxHandshakeSize, @DefaultValue("30s") Duration pingInterval,
		@Nullable String sslBundle, @DefaultValue List<String> trustedProxies,
		@DefaultValue("false") boolean proxyProtocol, @DefaultValue("false") boolean compression) {

	public NettyProperties {
		PropertyBounds.range("realtime.netty.port", (port != null) ? port : 0, 0, 65_535);
		PropertyBounds.range("realtime.netty.threads", threads, 0, 1_024);
		PropertyBounds.range("realtime.netty.max-connections", maxConnections, 1, 10_000_000);
		PropertyBounds.range("realtime.netty.backlog", backlog, 1, 1_000_000);
		PropertyBounds.positive("realtime.netty.handshake-timeout", handshakeTimeout);
		PropertyBounds.size("realtime.netty.max-handshake-size", maxHandshakeSize, 1_024);
		PropertyBounds.positiveOrZero("realtime.netty.ping-interval", pingInterval);
		trustedProxies = List.copyOf(trustedProxies);
		PropertyBounds.check(!proxyProtocol || !trustedProxies.isEmpty(), "realtime.netty.trusted-proxies", null,
				"realtime.netty.proxy-protocol is on, so name the address ranges of the proxies that may send its header");
	}

	/** How many event loops to start: never 0. */
	public int effectiveThreads() {
		return (this.threads > 0) ? this.threads : HubOptions.DEFAULT.shards();
	}

	/** Which of the system's interfaces to use. */
	public enum NettyTransportKind {

		/** Epoll where its library is on the class path and loads, else NIO. */
		AUTO,

		/** Linux's own interface; the start fails where it is missing. */
		EPOLL,

		/** Java's selectors: everywhere. */
		NIO

	}

}
