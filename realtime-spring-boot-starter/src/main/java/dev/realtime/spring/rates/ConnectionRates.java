package dev.realtime.spring.rates;

import dev.realtime.connection.Connection;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has done lately. Made when it does something, and dropped when it
 * has done nothing for so long that its buckets are full.
 */
final class ConnectionRates {

	/** So many topics of SENDs are remembered, to which others are not new. */
	private static final int RECENT = 8;

	private final Connection connection;

	private final @Nullable String address;

	private final Buckets buckets;

	/** Frames that are paid for with the user's and the address's buckets. */
	private int prepaid;

	private @Nullable String @Nullable [] recent;

	private int next;

	ConnectionRates(Connection connection, @Nullable String address, Buckets buckets) {
		this.connection = connection;
		this.address = address;
		this.buckets = buckets;
	}

	Buckets buckets() {
		return this.buckets;
	}

	/** What its address is limited as, or null. */
	@Nullable String address() {
		return this.address;
	}

	/** Who it is, or null while unknown. */
	@Nullable String user() {
		return this.connection.user();
	}

	/**
	 * Takes a frame from those that are paid for; false if there is none. Confined to the
	 * thread that reads the connection.
	 */
	boolean takePrepaid() {
		if (this.prepaid == 0) {
			return false;
		}
		this.prepaid--;
		return true;
	}

	/** So many frames are paid for, on the thread that reads the connection. */
	void prepay(int frames) {
		this.prepaid = frames;
	}

	/** Whether it has sent to the topic lately; from now on it has. */
	synchronized boolean sendsAgain(String topic) {
		@Nullable String[] known = this.recent;
		if (known == null) {
			known = new @Nullable String[RECENT];
			this.recent = known;
		}
		for (String each : known) {
			if (topic.equals(each)) {
				return true;
			}
		}
		known[this.next] = topic;
		this.next = (this.next + 1) % RECENT;
		return false;
	}

	/** Whether nothing would be lost with this. */
	boolean isUnused() {
		return this.connection.isGone() || this.buckets.isUnused();
	}

}
