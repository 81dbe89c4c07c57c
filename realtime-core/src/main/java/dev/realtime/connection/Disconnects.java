package dev.realtime.connection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts why connections ended, in a fixed number of words. Safe for any number of
 * threads.
 */
public final class Disconnects {

	/** The client closed the connection, or the network lost it. */
	public static final String CLIENT = "client";

	/** The node closed it for a reason that has no word of its own, such as a refusal. */
	public static final String OTHER = "other";

	private static final Map<CloseReason, String> WORDS = Map.of(CloseReason.RESTART, "restart", CloseReason.OVERFLOW,
			"slow-consumer", CloseReason.UNAVAILABLE, "temporarily-unavailable", CloseReason.SILENT, "no-heartbeat",
			CloseReason.STUCK, "write-timeout", CloseReason.EXPIRED, "credentials-expired", CloseReason.REVOKED,
			"credentials-revoked", CloseReason.NOT_CONNECTED, "connect-timeout", CloseReason.NORMAL, "disconnect",
			CloseReason.FAILED, "internal-error");

	/** Not changed after construction. */
	private final Map<String, LongAdder> counts = new LinkedHashMap<>();

	Disconnects() {
		WORDS.values().stream().sorted().forEach((word) -> this.counts.put(word, new LongAdder()));
		this.counts.put(CLIENT, new LongAdder());
		this.counts.put(OTHER, new LongAdder());
	}

	/** The words that are counted. */
	public Iterable<String> reasons() {
		return this.counts.keySet();
	}

	/** Connections that ended for this reason; 0 for a word that is not counted. */
	public long count(String reason) {
		LongAdder count = this.counts.get(reason);
		return (count != null) ? count.sum() : 0;
	}

	void closing(CloseReason reason) {
		add(WORDS.getOrDefault(reason, OTHER));
	}

	void leftByClient() {
		add(CLIENT);
	}

	private void add(String word) {
		LongAdder count = this.counts.get(word);
		if (count != null) {
			count.increment();
		}
	}

}
