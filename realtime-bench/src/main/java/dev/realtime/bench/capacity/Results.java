package dev.realtime.bench.capacity;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads unit costs out of what {@code run} has written. */
final class Results {

	private static final double MICROS = 1e6;

	/** Deliveries a second of {@code latency}: 60 messages to 1,000. */
	private static final double LATENCY_DELIVERIES = 60_000;

	private final Path folder;

	private final Map<String, Cost> found = new TreeMap<>();

	private Results(Path folder) {
		this.folder = folder;
	}

	/**
	 * Those of the folder over others.
	 * @throws IllegalArgumentException if the folder has no result that gives a cost
	 */
	static Costs read(Path folder, Costs others) {
		Results results = new Results(folder);
		results.readAll();
		if (results.found.isEmpty()) {
			throw new IllegalArgumentException(
					"--costs: " + folder + " has none of latency.json, idle-memory.json, join-storm.json "
							+ "and two-nodes.json, which `run` writes, and no " + CostFile.MEASURED
							+ ", which `capacity measure` writes");
		}
		return others.with("in place of them where there are any: " + folder, results.found);
	}

	private void readAll() {
		each("latency", "60 ", (row) -> row.put(UnitCost.DELIVERY,
				MICROS * Math.max(0, row.value("server cores") - row.value("compiler cores")) / LATENCY_DELIVERIES));
		each("idle-memory", "15000 connections",
				(row) -> row.put(UnitCost.CONNECTION, 1024 * row.value("KB for each connection")));
		each("join-storm", "15000 clients at a new node",
				(row) -> row.put(UnitCost.JOINS_AT_A_NEW_NODE, row.value("clients per server-CPU-second")));
		each("join-storm", "15000 clients",
				(row) -> row.put(UnitCost.JOINS, row.value("clients per server-CPU-second")));
		each("two-nodes", "redis,", (row) -> {
			double compiler = row.value("most: compiler µs") / 2;
			row.putFor("redis", UnitCost.STORE, row.value("most: store µs"));
			row.putFor("redis", UnitCost.PUBLISH, row.value("most: publishing node µs") - compiler);
			row.putFor("redis", UnitCost.RECEIVE, row.value("most: other node µs") - compiler);
		});
		Path measured = this.folder.resolve(CostFile.MEASURED);
		if (Files.exists(measured)) {
			this.found.putAll(CostFile.costs(CostFile.document(measured), measured.toString()));
		}
	}

	private interface Reader {

		void read(Row row);

	}

	private void each(String scenario, String variant, Reader reader) {
		Path file = this.folder.resolve(scenario + ".json");
		if (!Files.exists(file)) {
			return;
		}
		for (JsonNode median : CostFile.document(file).path("medians")) {
			String found = median.path("variant").asText();
			if (found.equals(variant)
					|| (!Character.isLetter(variant.charAt(variant.length() - 1)) && found.startsWith(variant))) {
				reader.read(new Row(scenario, median));
			}
		}
	}

	/** One server's medians in one variant. */
	private final class Row {

		private final String scenario;

		private final JsonNode median;

		Row(String scenario, JsonNode median) {
			this.scenario = scenario;
			this.median = median;
		}

		/** A figure; NaN if the scenario did not print it. */
		double value(String name) {
			JsonNode value = this.median.path("values").path(name);
			return value.isNumber() ? value.asDouble() : Double.NaN;
		}

		void put(UnitCost cost, double value) {
			putFor(this.median.path("server").asText(), cost, value);
		}

		void putFor(String scope, UnitCost cost, double value) {
			if (value > 0) {
				Results.this.found.put(scope.isEmpty() ? cost.key() : scope + '.' + cost.key(),
						new Cost(value, "run " + this.scenario + ", in " + Results.this.folder));
			}
		}

	}

}
