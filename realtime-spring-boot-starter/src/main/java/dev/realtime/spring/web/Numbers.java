package dev.realtime.spring.web;

/** Reads numbers of a request. */
final class Numbers {

	/** Digits of the largest long, less one: no overflow. */
	private static final int MAX_DIGITS = 18;

	private Numbers() {
	}

	/** A whole number within bounds. */
	static int parse(String name, String text, int min, int max) {
		long number = digits(name, text);
		if (number < min || number > max) {
			throw RequestRefusedException.badRequest(name + " must be " + min + " to " + max + ", not " + number);
		}
		return (int) number;
	}

	/** A whole number from a lower bound on. */
	static long parse(String name, String text, long min) {
		long number = digits(name, text);
		if (number < min) {
			throw RequestRefusedException.badRequest(name + " must be " + min + " or more");
		}
		return number;
	}

	private static long digits(String name, String text) {
		boolean legal = !text.isEmpty() && text.length() <= MAX_DIGITS;
		long number = 0;
		for (int i = 0; legal && i < text.length(); i++) {
			char c = text.charAt(i);
			legal = c >= '0' && c <= '9';
			number = number * 10 + (c - '0');
		}
		if (!legal) {
			throw RequestRefusedException
				.badRequest(name + " must be a whole number of 1 to " + MAX_DIGITS + " digits");
		}
		return number;
	}

}
