package dev.realtime.isolation;

/**
 * What is known of the other nodes of the fleet, as they are now.
 *
 * @param reaching how many of them reach the relay and take clients
 * @param others how many there are, those included that did not answer
 */
public record PeerView(int reaching, int others) {

	/** Nothing is known of any other node. */
	public static final PeerView NONE = new PeerView(0, 0);

	public PeerView {
		if (reaching < 0 || reaching > others) {
			throw new IllegalArgumentException(
					reaching + " of " + others + " is not a possible number of nodes that reach the relay");
		}
	}

	/**
	 * Whether enough nodes reach the relay to take the clients of those that do not: half
	 * of the fleet, so that never all leave and none takes the clients of many.
	 * @param least how many there must be in any case
	 */
	boolean isEnough(int least) {
		return this.reaching >= least && 2L * this.reaching >= this.others + 1L;
	}

	@Override
	public String toString() {
		return this.reaching + " of " + this.others;
	}

}
