package dev.realtime.partition;

import org.jspecify.annotations.Nullable;

/**
 * Finds a short text whose slot is a given one. It is the first of {@code p.0},
 * {@code p.1} to {@code p.z}, {@code p.00} to {@code p.zz} and so on, p being the
 * partition's number, digits before letters. Every slot is reached with four characters
 * or less.
 */
final class HashTag {

	private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

	private static final int LONGEST = 4;

	private HashTag() {
	}

	static String of(int partition, int slot) {
		String head = partition + ".";
		int crc = Crc16.of(head, 0);
		for (int length = 1; length <= LONGEST; length++) {
			String tail = tail(crc, slot, length);
			if (tail != null) {
				return head + tail;
			}
		}
		throw new IllegalStateException("No text of partition " + partition + " has slot " + slot);
	}

	/** The first text of that length, or null. */
	private static @Nullable String tail(int crc, int slot, int length) {
		for (int i = 0; i < DIGITS.length(); i++) {
			int next = Crc16.next(crc, DIGITS.charAt(i));
			if (length > 1) {
				String tail = tail(next, slot, length - 1);
				if (tail != null) {
					return DIGITS.charAt(i) + tail;
				}
			}
			else if (next % Partitions.SLOTS == slot) {
				return String.valueOf(DIGITS.charAt(i));
			}
		}
		return null;
	}

}
