package dev.realtime.spring.stomp;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.realtime.spring.ClientAddress;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.security.ConnectRequest;
import org.jspecify.annotations.Nullable;

/**
 * How many publications of one client may be without a receipt, so that none takes all
 * that the node may have under way: a share for each connection, and one for each user,
 * or for each address of clients without a user. Only clients with publications under way
 * are kept. Safe for any number of threads.
 */
final class PublishShares {

	private final int mostOfConnection;

	private final int mostOfUser;

	private final ClientAddress addresses;

	private final ConcurrentMap<String, Integer> byConnection = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, Integer> byUser = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();

	/**
	 * Makes empty shares.
	 * @param mostOfConnection the share of a connection
	 * @param mostOfUser the share of a user, or of an address
	 * @param addresses knows which addresses are limited
	 */
	PublishShares(int mostOfConnection, int mostOfUser, ClientAddress addresses) {
		this.mostOfConnection = mostOfConnection;
		this.mostOfUser = mostOfUser;
		this.addresses = addresses;
	}

	/**
	 * Takes a publication into its client's shares.
	 * @return to be run once, when it has its receipt or has failed
	 * @throws RefusedException if a share is used up
	 */
	Runnable take(Sender sender) {
		String connection = sender.connection().id();
		Principal user = sender.user();
		ConcurrentMap<String, Integer> others = (user != null) ? this.byUser : this.byAddress;
		String other = (user != null) ? user.getName() : address(sender);
		if (!add(this.byConnection, connection, this.mostOfConnection)) {
			throw refusal(this.mostOfConnection);
		}
		if (other != null && !add(others, other, this.mostOfUser)) {
			remove(this.byConnection, connection);
			throw refusal(this.mostOfUser);
		}
		return () -> {
			remove(this.byConnection, connection);
			if (other != null) {
				remove(others, other);
			}
		};
	}

	/** Whether nothing is under way. */
	boolean isEmpty() {
		return this.byConnection.isEmpty() && this.byUser.isEmpty() && this.byAddress.isEmpty();
	}

	private @Nullable String address(Sender sender) {
		Map<String, Object> attributes = sender.attributes();
		return (attributes != null
				&& attributes.get(ConnectRequest.REMOTE_ADDRESS) instanceof InetSocketAddress address)
						? this.addresses.limited(address) : null;
	}

	private static boolean add(ConcurrentMap<String, Integer> shares, String key, int most) {
		if (shares.merge(key, 1, Integer::sum) <= most) {
			return true;
		}
		remove(shares, key);
		return false;
	}

	private static void remove(ConcurrentMap<String, Integer> shares, String key) {
		shares.computeIfPresent(key, (same, now) -> (now > 1) ? Integer.valueOf(now - 1) : null);
	}

	private static RefusedException refusal(int most) {
		return new RefusedException("overloaded",
				most + " of your messages are waiting to be stored, which is the most allowed; wait for "
						+ "receipts, or send more slowly");
	}

}
