package dev.realtime.spring.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.realtime.spring.audit.Client;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.stream.StreamKind;
import dev.realtime.spring.stream.Streams;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketHandler;

/**
 * What the connections of a listener share.
 *
 * @param paths reads the paths of requests
 * @param endpoints the STOMP endpoints by path
 * @param origins whose pages may connect
 * @param inbound handles what comes from the clients
 * @param maxFrameSize largest WebSocket frame from a client
 * @param inboundPending frames of one client that may wait to be handled
 * @param inboundBytes bytes of one client's frames that may wait to be handled
 * @param maxConnections most connections at once
 * @param pingNanos after how long of silence a client is pinged; 0 for never
 * @param compression whether to compress for clients that offer it
 * @param proxies who is believed about a client's address
 * @param addresses counts connections by the client's address
 * @param turnedAway counts those that are to read that their address has too many
 * @param stats what is counted
 * @param streams answers requests for streams, if there are any
 * @param idle how long a connection may take for its next request, from the end of the
 * answer before to the end of the request's body
 * @param deadline limits how long a client may take to read answers
 * @param events takes note of refusals, if it is there
 * @param refusing whether the node takes no connections now
 */
record ListenerContext(ServletPaths paths, Endpoints endpoints, Origins origins, InboundExecutor inbound,
		int maxFrameSize, int inboundPending, long inboundBytes, int maxConnections, long pingNanos,
		boolean compression, TrustedProxies proxies, AddressConnections addresses, AddressConnections turnedAway,
		ListenerStats stats, @Nullable Streams streams, Duration idle, WriteDeadline deadline,
		@Nullable SecurityEvents events, BooleanSupplier refusing) {

	/** Takes note of a refused connection, whose client has sent no request yet. */
	void refused(Channel channel, String word) {
		if (this.events != null) {
			this.events.refused(Door.HANDSHAKE, word, Client.at(ConnectionSetup.peer(channel)));
		}
	}

	/**
	 * Takes note of a refused request.
	 * @param word null if nothing was refused
	 */
	void refused(Channel channel, @Nullable HttpRequest request, Door door, @Nullable String word) {
		if (this.events != null && word != null) {
			InetSocketAddress peer = ConnectionSetup.peer(channel);
			this.events.refused(door, word, Client.at((request != null) ? this.proxies.client(peer, request) : peer));
		}
	}

	/** Whether the page that asks, if it is one, may connect. */
	boolean allows(HttpRequest request) {
		return this.origins.allow(request.headers().get(HttpHeaderNames.ORIGIN),
				request.headers().get(HttpHeaderNames.HOST));
	}

	/** The handler of the endpoint that a request is for, or null. */
	@Nullable WebSocketHandler endpoint(String uri) {
		String path = this.paths.within(uri);
		return (path != null) ? this.endpoints.find(path) : null;
	}

	/** The stream's resource that a request is for, or null. */
	@Nullable StreamKind stream(String uri) {
		String path = (this.streams != null) ? this.paths.within(uri) : null;
		return (this.streams != null && path != null) ? StreamKind.at(path, this.streams.options().path()) : null;
	}

	/** Largest body of a request: only a SEND over HTTP has one. */
	int maxBody() {
		return (this.streams != null) ? this.streams.options().maxBody() : 0;
	}

	boolean hasRoom() {
		return this.stats.connections() <= this.maxConnections;
	}

}
