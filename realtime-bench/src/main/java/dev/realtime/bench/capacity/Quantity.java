package dev.realtime.bench.capacity;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as a person writes them: {@code 10m}, {@code 1.5k}, {@code 32g}. */
public final class Quantity {

	private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)([kmg]?)");

	private static final double MOST = 1e15;

	private Quantity() {
	}

	/**
	 * A number above zero; {@code k}, {@code m} and {@code g} are thousands, millions and
	 * billions.
	 * @param what the option that it belongs to, for the error
	 * @throws IllegalArgumentException if it is none, is zero, or exceeds 10^15
	 */
	public static double of(String what, String text) {
		Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
		if (!parts.matches()) {
			throw new IllegalArgumentException(
					what + " must be a number such as 200, 1.5k, 10m or 2g, not \"" + text + '"');
		}
		double value = Double.parseDouble(parts.group(1)) * factor(parts.group(2));
		if (value <= 0 || value > MOST) {
			throw new IllegalArgumentException(what + " must be above 0 and at most 10^15, not \"" + text + '"');
		}
		return value;
	}

	/** The same for what cannot be split, such as connections. */
	public static long whole(String what, String text) {
		double value = of(what, text);
		if (value != Math.rint(value)) {
			throw new IllegalArgumentException(what + " must be a whole number, not \"" + text + '"');
		}
		return (long) value;
	}

	private static double factor(String suffix) {
		return switch (suffix) {
			case "k" -> 1e3;
			case "m" -> 1e6;
			case "g" -> 1e9;
			default -> 1;
		};
	}

}
