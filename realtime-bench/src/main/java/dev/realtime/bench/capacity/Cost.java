package dev.realtime.bench.capacity;

/**
 * A unit cost with where it comes from.
 *
 * @param value in the unit of its {@link UnitCost}
 * @param from the command that measured it, and what it printed
 */
public record Cost(double value, String from) {

	public Cost {
		if (!(value >= 0) || Double.isInfinite(value)) {
			throw new IllegalArgumentException("A unit cost is a number of at least 0, not " + value);
		}
	}

}
