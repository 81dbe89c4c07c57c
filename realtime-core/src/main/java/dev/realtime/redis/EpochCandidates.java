package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

import dev.realtime.Epochs;

/**
 * Offers an epoch with every script call; few are ever used. No two of one node are the
 * same, even if the first was used and the reply was lost, so a topic never begins the
 * same epoch twice. Looks like {@link Epochs#next} but costs no secure random numbers: a
 * secure start, then steps through all 2⁵⁰ values.
 */
final class EpochCandidates {

	private static final byte[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);

	private static final int LENGTH = 10;

	/** Odd, so that it passes every value before it comes back to the first. */
	private static final long STEP = 0x9E3779B97F4A7C15L;

	private final AtomicLong state;

	/**
	 * Candidates.
	 * @param random a secure generator
	 */
	EpochCandidates(RandomGenerator random) {
		this.state = new AtomicLong(start(random));
	}

	byte[] next() {
		long bits = this.state.getAndAdd(STEP);
		byte[] epoch = new byte[LENGTH];
		for (int i = 0; i < LENGTH; i++) {
			epoch[i] = ALPHABET[(int) (bits & 31)];
			bits >>>= 5;
		}
		return epoch;
	}

	private static long start(RandomGenerator random) {
		long bits = 0;
		for (byte c : Epochs.next(random).getBytes(StandardCharsets.US_ASCII)) {
			bits = bits << 5 | new String(ALPHABET, StandardCharsets.US_ASCII).indexOf(c);
		}
		return bits;
	}

}
