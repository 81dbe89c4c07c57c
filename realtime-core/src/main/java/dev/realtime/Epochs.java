package dev.realtime;

import java.util.random.RandomGenerator;

/** Makes the random ids that name one life of a topic's numbering. */
public final class Epochs {

	private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

	private static final int LENGTH = 10;

	private Epochs() {
	}

	/**
	 * A new epoch: 10 characters of Crockford's base 32, 50 random bits. Two lives of one
	 * topic meet with a chance of 2⁻⁵⁰.
	 * @param random a secure generator
	 */
	public static String next(RandomGenerator random) {
		long bits = random.nextLong();
		char[] chars = new char[LENGTH];
		for (int i = 0; i < LENGTH; i++) {
			chars[i] = ALPHABET[(int) (bits & 31)];
			bits >>>= 5;
		}
		return new String(chars);
	}

}
