package dev.realtime.relay;

import org.jspecify.annotations.Nullable;

/**
 * Which relay the nodes of a fleet have. It is kept where they keep their topics, and
 * each node compares it with its own when it starts: nodes with different relays would
 * not hear of each other's messages before they compare positions with the log.
 *
 * @param relay the name of the relay
 * @param movingFrom the name of the one that nodes may still have while the fleet moves
 * to {@code relay}; null for none
 */
public record RelayAgreement(String relay, @Nullable String movingFrom) {

	private static final int ATTEMPTS = 20;

	/**
	 * What is to be kept when a node starts: the first node decides, a node that moves
	 * from the fleet's relay begins a move, and one that has the new relay and does not
	 * move ends it.
	 * @param known what is kept; null for nothing
	 * @param relay the node's relay
	 * @param movingFrom the relay that the node moves from; null for none
	 * @return null if the node must not start
	 */
	public static @Nullable RelayAgreement next(@Nullable RelayAgreement known, String relay,
			@Nullable String movingFrom) {
		if (known == null) {
			return new RelayAgreement(relay, relay.equals(movingFrom) ? null : movingFrom);
		}
		if (known.relay.equals(relay)) {
			return (movingFrom == null) ? new RelayAgreement(relay, null) : known;
		}
		if (known.relay.equals(movingFrom)) {
			return new RelayAgreement(relay, movingFrom);
		}
		return relay.equals(known.movingFrom) ? known : null;
	}

	/**
	 * Compares a node's relay with that of its fleet, and writes what is to be kept;
	 * again if other nodes do so at the same time. Blocks.
	 * @param relay the node's relay
	 * @param movingFrom the relay that the node moves from; null for none
	 * @return null if they agree, otherwise what the fleet has
	 * @throws IllegalStateException when others write each time
	 */
	public static @Nullable RelayAgreement differing(Store store, String relay, @Nullable String movingFrom) {
		RelayAgreement known = null;
		for (int i = 0; i < ATTEMPTS; i++) {
			RelayAgreement next = next(known, relay, movingFrom);
			if (next == null) {
				return known;
			}
			if (next.equals(known)) {
				return null;
			}
			RelayAgreement now = store.replace(known, next);
			if (now.equals(next)) {
				return null;
			}
			known = now;
		}
		throw new IllegalStateException(
				"Other nodes changed the relay of the fleet " + ATTEMPTS + " times in the meantime");
	}

	/** Where it is kept. */
	public interface Store {

		/**
		 * Replaces what is kept if that is what the caller knows; blocks.
		 * @param known what the caller knows; null for nothing
		 * @return what is kept now
		 */
		RelayAgreement replace(@Nullable RelayAgreement known, RelayAgreement next);

	}

}
