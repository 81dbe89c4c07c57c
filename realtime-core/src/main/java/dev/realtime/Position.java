package dev.realtime;

/**
 * Where a message stands in its topic: the epoch (one life of the topic's numbering) and
 * the number in it. Positions of different epochs cannot be compared.
 *
 * @param epoch a short random id, 1 to {@value #MAX_EPOCH_LENGTH} characters of
 * {@code [A-Za-z0-9]}
 * @param seq the number: 1, 2, 3, …; 0 stands before the first message
 */
public record Position(String epoch, long seq) {

	/** Longest legal epoch, in characters. */
	public static final int MAX_EPOCH_LENGTH = 32;

	/**
	 * Checks both parts.
	 * @throws IllegalArgumentException when the epoch is malformed or the number negative
	 */
	public Position {
		if (!isEpoch(epoch)) {
			throw new IllegalArgumentException(
					"An epoch has 1 to " + MAX_EPOCH_LENGTH + " characters of A-Z a-z 0-9, taken from a message");
		}
		if (seq < 0) {
			throw new IllegalArgumentException("A seq is 0 or more, not " + seq);
		}
	}

	/** The position of the number {@code seq} in the same epoch. */
	public Position withSeq(long seq) {
		return new Position(this.epoch, seq);
	}

	/** Whether the other position belongs to the same life of the numbering. */
	public boolean sameEpoch(Position other) {
		return this.epoch.equals(other.epoch);
	}

	/** The form used on the wire as message id: {@code <epoch>-<seq>}. */
	@Override
	public String toString() {
		return this.epoch + '-' + this.seq;
	}

	private static boolean isEpoch(String epoch) {
		if (epoch.isEmpty() || epoch.length() > MAX_EPOCH_LENGTH) {
			return false;
		}
		for (int i = 0; i < epoch.length(); i++) {
			char c = epoch.charAt(i);
			if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
				return false;
			}
		}
		return true;
	}

}
