package dev.realtime.bench.capacity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Text that is written line by line. */
public final class Lines {

	private static final double KILO = 1e3;

	private final StringBuilder text = new StringBuilder();

	/** Appends a line, with numbers as in English. */
	public void line(String format, Object... values) {
		this.text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
	}

	/** At most four digits that matter, without zeros behind the point. */
	public static String short4(double value) {
		if (value >= KILO) {
			return String.format(Locale.ROOT, "%,.0f", value);
		}
		String text = new BigDecimal(value).round(new MathContext(4)).toPlainString();
		return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
	}

	/** Such as {@code 1 node} and {@code 2 nodes}. */
	static String count(int number, String what) {
		return String.format(Locale.ROOT, "%,d %s%s", number, what, (number == 1) ? "" : "s");
	}

	/** All lines so far. */
	@Override
	public String toString() {
		return this.text.toString();
	}

}
