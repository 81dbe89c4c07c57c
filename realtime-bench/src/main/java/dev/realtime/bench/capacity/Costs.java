package dev.realtime.bench.capacity;

import java.util.Map;
import java.util.TreeMap;

/**
 * The unit costs of a machine.
 *
 * @param machine what they were measured on
 * @param values each by its name in a file of costs
 */
public record Costs(String machine, Map<String, Cost> values) {

	public Costs {
		values = Map.copyOf(values);
	}

	/** The same with others in place of those of the same names. */
	Costs with(String otherMachine, Map<String, Cost> others) {
		Map<String, Cost> all = new TreeMap<>(this.values);
		all.putAll(others);
		return new Costs(this.machine + "; " + otherMachine, all);
	}

	/**
	 * What one of something costs.
	 * @param scope the transport or engine, empty for what is the same for all
	 * @throws IllegalArgumentException if the file of costs does not have it
	 */
	public Cost of(String scope, UnitCost cost) {
		String key = scope.isEmpty() ? cost.key() : scope + '.' + cost.key();
		Cost found = this.values.get(key);
		if (found == null) {
			throw new IllegalArgumentException("The costs have no \"" + key + "\" (" + cost.meaning() + ", "
					+ cost.unit() + "); add it to the file of --costs");
		}
		return found;
	}

	/** The value of one that is the same for all. */
	public double value(UnitCost cost) {
		return of("", cost).value();
	}

	/** The value of one of a transport or engine. */
	public double value(String scope, UnitCost cost) {
		return of(scope, cost).value();
	}

}
