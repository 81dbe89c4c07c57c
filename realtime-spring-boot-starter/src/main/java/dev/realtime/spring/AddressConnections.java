package dev.realtime.spring;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of each address on this node: WebSockets, SockJS sessions and
 * streams over HTTP, from the moment they are open. An address is what
 * {@link ClientAddress} makes of it. Not for applications. Safe for any number of
 * threads.
 */
public final class AddressConnections {

	/** The word of a refusal, on every entry point. */
	public static final String WORD = "too-many-connections";

	/** The sentence of a refusal. */
	public static final String SENTENCE = "Your address has too many connections on this node, or was refused too "
			+ "often; try again later";

	/**
	 * The attribute of a session whose place was taken before its handshake was checked.
	 */
	public static final String PLACE = "dev.realtime.address-place";

	private final int most;

	private final ClientAddress addresses;

	private volatile Predicate<String> refused = (address) -> false;

	private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

	/**
	 * Makes what counts.
	 * @param most how many connections one address may have; 0 means any number
	 * @param addresses knows which addresses are counted, and under what
	 */
	public AddressConnections(int most, ClientAddress addresses) {
		this.most = most;
		this.addresses = addresses;
	}

	/**
	 * Tells which addresses get no further connection for other reasons.
	 * @param refused answers for an address as {@link ClientAddress} names it; called for
	 * each connection that begins, must not block
	 */
	public void refuse(Predicate<String> refused) {
		this.refused = refused;
	}

	/**
	 * Counts a connection until its place is left.
	 * @param client the client's address, after trusted proxies
	 * @return null if the address has as many as it may have, or gets none for now
	 */
	public @Nullable Place enter(@Nullable InetSocketAddress client) {
		String address = this.addresses.limited(client);
		if (address == null) {
			return Place.NOT_COUNTED;
		}
		if (this.refused.test(address)) {
			return null;
		}
		if (this.most == 0) {
			return Place.NOT_COUNTED;
		}
		boolean[] entered = new boolean[1];
		this.byAddress.compute(address, (key, known) -> {
			int before = (known != null) ? known : 0;
			entered[0] = before < this.most;
			return entered[0] ? Integer.valueOf(before + 1) : known;
		});
		return entered[0] ? new Place(this, address) : null;
	}

	/** Whether the address may have one connection more now. */
	public boolean hasRoom(@Nullable InetSocketAddress client) {
		String address = this.addresses.limited(client);
		return address == null || (!this.refused.test(address)
				&& (this.most == 0 || this.byAddress.getOrDefault(address, 0) < this.most));
	}

	/** Returns how many addresses have connections that count. */
	int size() {
		return this.byAddress.size();
	}

	private void leave(String address) {
		this.byAddress.computeIfPresent(address, (key, known) -> (known > 1) ? Integer.valueOf(known - 1) : null);
	}

	/** A connection that is counted. */
	public static final class Place {

		/** Of connections whose address is not limited. */
		public static final Place NOT_COUNTED = new Place(null, "");

		private final String address;

		private @Nullable AddressConnections connections;

		private Place(@Nullable AddressConnections connections, String address) {
			this.connections = connections;
			this.address = address;
		}

		/** The connection is gone; idempotent. */
		public void leave() {
			AddressConnections left;
			synchronized (this) {
				left = this.connections;
				this.connections = null;
			}
			if (left != null) {
				left.leave(this.address);
			}
		}

	}

}
