package dev.realtime.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/** Checks property values; what is illegal is reported with the property's whole name. */
final class PropertyBounds {

	private static final Duration LONGEST_WAIT = Duration.ofDays(1);

	private static final DataSize LARGEST = DataSize.ofMegabytes(1024);

	private PropertyBounds() {
	}

	static void range(String property, long value, long min, long max) {
		check(value >= min && value <= max, property, value, "must be " + min + " to " + max);
	}

	/** A time to wait: above zero, a day at most. */
	static void positive(String property, Duration value) {
		check(value.toMillis() >= 1 && value.compareTo(LONGEST_WAIT) <= 0, property, text(value), "must be 1ms to 1d");
	}

	/** A time to wait that may be left out: zero to a day. */
	static void positiveOrZero(String property, Duration value) {
		check(!value.isNegative() && value.compareTo(LONGEST_WAIT) <= 0, property, text(value), "must be 0 to 1d");
	}

	static void atLeast(String property, Duration value, Duration min, String why) {
		check(value.compareTo(min) >= 0, property, text(value), why);
	}

	static void size(String property, DataSize value, long minBytes) {
		check(value.toBytes() >= minBytes && value.compareTo(LARGEST) <= 0, property, value,
				"must be " + DataSize.ofBytes(minBytes) + " to 1GB");
	}

	static void check(boolean legal, String property, @Nullable Object value, String why) {
		if (!legal) {
			throw new InvalidRealtimePropertyException(property, value, why);
		}
	}

	/** As one writes it in a property: {@code 30s} for PT30S. */
	static String text(Duration value) {
		return (value.toMillis() % 1000 == 0) ? value.toSeconds() + "s" : value.toMillis() + "ms";
	}

}
