package dev.realtime.spring.netty;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a listener counts. Safe for any number of threads. */
final class ListenerStats {

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger open = new AtomicInteger();

	private final Map<Refused, LongAdder> refused = new EnumMap<>(Refused.class);

	ListenerStats() {
		for (Refused reason : Refused.values()) {
			this.refused.put(reason, new LongAdder());
		}
	}

	/** Says how many connections there are with this one, handshakes included. */
	int connected() {
		return this.connections.incrementAndGet();
	}

	void disconnected() {
		this.connections.decrementAndGet();
	}

	/** A handshake became a WebSocket. */
	void opened() {
		this.open.incrementAndGet();
	}

	/** A WebSocket is gone. */
	void closed() {
		this.open.decrementAndGet();
	}

	void refused(Refused reason) {
		count(reason).increment();
	}

	/** Connections now, handshakes included. */
	int connections() {
		return this.connections.get();
	}

	/** WebSockets now. */
	int open() {
		return this.open.get();
	}

	/** Connections now that are no WebSocket yet. */
	int handshakes() {
		return Math.max(0, connections() - open());
	}

	/** Handshakes that failed for this reason, so far. */
	long refusals(Refused reason) {
		return count(reason).sum();
	}

	private LongAdder count(Refused reason) {
		return Objects.requireNonNull(this.refused.get(reason));
	}

	/** Why a connection does not become a WebSocket. */
	enum Refused {

		/** No WebSocket handshake, or no endpoint of ours. */
		REQUEST,

		/** The page's origin may not connect. */
		ORIGIN,

		/** The node has all the connections it may have. */
		FULL,

		/** The client's address has all the connections it may have. */
		ADDRESS,

		/** It took too long. */
		TIMEOUT,

		/** With the PROXY protocol: no trusted proxy. */
		PROXY,

		/** Before an answer was possible: TLS, a broken PROXY header, a broken socket. */
		BROKEN

	}

}
