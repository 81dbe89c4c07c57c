package dev.realtime.spring.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/** A gateway's session as the node knows that handles its SENDs. */
public final class ForwardedSession {

	private final String id;

	/** The life of its gateway. */
	private final String gateway;

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	private volatile @Nullable String user;

	private volatile long usedNanos = System.nanoTime();

	/** The last SEND's: none comes twice. */
	private long lastNumber;

	ForwardedSession(String id, String gateway) {
		this.id = id;
		this.gateway = gateway;
	}

	/** The session's id, which is the gateway's. */
	public String id() {
		return this.id;
	}

	/**
	 * The session's attributes on this node: those of the handshake are not among them.
	 */
	public Map<String, Object> attributes() {
		return this.attributes;
	}

	/** The name of the user of its last SEND, or null. */
	public @Nullable String user() {
		return this.user;
	}

	String gateway() {
		return this.gateway;
	}

	/** Whether the SEND is a new one; on the node's loop. */
	boolean isNext(long number, @Nullable String user) {
		if (number <= this.lastNumber) {
			return false;
		}
		this.lastNumber = number;
		this.user = user;
		this.usedNanos = System.nanoTime();
		return true;
	}

	boolean isIdle(long now, long nanos) {
		return now - this.usedNanos > nanos;
	}

}
