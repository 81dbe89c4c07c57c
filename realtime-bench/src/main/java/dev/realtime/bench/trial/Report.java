package dev.realtime.bench.trial;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.realtime.bench.report.Table;
import dev.realtime.bench.scenario.Figures;
import org.HdrHistogram.Histogram;

/** A result for the terminal: tables, then what went wrong. */
public final class Report {

	private static final double MICROS = 1_000;

	private static final int MOST_LINES = 20;

	private Report() {
	}

	public static String of(Result result) {
		StringBuilder text = new StringBuilder();
		List<Figures> times = new ArrayList<>();
		List<Figures> counts = new ArrayList<>();
		List<Figures> memory = new ArrayList<>();
		for (Phase phase : result.phases()) {
			times.add(new Figures(result.deployment(), phase.name(), times(phase)));
			counts.add(new Figures(result.deployment(), phase.name(), counts(phase)));
			if (!phase.memory().isEmpty()) {
				memory.add(new Figures(result.deployment(), phase.name(), phase.memory()));
			}
		}
		text.append(
				String.format(Locale.ROOT, "%n%,d connections, %,d topics%n%n", result.connections(), result.topics()));
		text.append(Table.of("phase", "deployment", times)).append('\n');
		text.append(Table.of("phase", "deployment", counts)).append('\n');
		if (!memory.isEmpty()) {
			text.append(Table.of("phase", "deployment", memory)).append('\n');
		}
		result.phases().forEach((phase) -> {
			phase.ends().forEach((why, count) -> text.append(phase.name() + ": " + count + " times: " + why + '\n'));
			phase.violations()
				.stream()
				.limit(MOST_LINES)
				.forEach((each) -> text.append(phase.name() + ": " + each + '\n'));
		});
		return text.append(verdict(result)).toString();
	}

	/** One line when a phase is over. */
	static String progress(Phase phase) {
		return String.format(Locale.ROOT, "%s: %.1f s, %,d published, %,d deliveries%s", phase.name(), phase.seconds(),
				phase.count("published"), phase.count("deliveries"), phase.isExact() ? "" : ", NOT EXACT");
	}

	private static String verdict(Result result) {
		long deliveries = result.phases().stream().mapToLong((phase) -> phase.count("deliveries")).sum();
		if (result.isExact()) {
			return String.format(Locale.ROOT, "%,d deliveries, none missing, doubled or out of order%n", deliveries);
		}
		StringBuilder text = new StringBuilder("NOT EXACT:");
		Phase.VIOLATIONS.forEach((kind) -> text.append(String.format(Locale.ROOT, " %,d %s",
				result.phases().stream().mapToLong((phase) -> phase.count(kind)).sum(), kind)));
		return text.append('\n').toString();
	}

	private static Map<String, Double> times(Phase phase) {
		Map<String, Double> values = new LinkedHashMap<>();
		percentiles(values, "", phase.time("latency"), 50, 99, 99.9, 100);
		percentiles(values, "publish ", phase.time("publish"), 99);
		percentiles(values, "connect ", phase.time("connect"), 50, 99);
		percentiles(values, "subscribe ", phase.time("subscribe"), 50, 99);
		percentiles(values, "back ", phase.time("back"), 50, 100);
		return values;
	}

	private static void percentiles(Map<String, Double> values, String prefix, Histogram time, double... which) {
		for (double each : which) {
			String name = (each == 100) ? "max" : "p" + String.valueOf(each).replaceAll("\\.0$", "");
			if (time.getTotalCount() > 0) {
				values.put(prefix + name + " ms", time.getValueAtPercentile(each) / MICROS);
			}
		}
	}

	private static Map<String, Double> counts(Phase phase) {
		Map<String, Double> values = new LinkedHashMap<>();
		values.put("seconds", phase.seconds());
		values.put("published/s", phase.count("published") / phase.seconds());
		values.put("deliveries/s", phase.count("deliveries") / phase.seconds());
		values.put("deliveries", (double) phase.count("deliveries"));
		values.put("unsent", (double) phase.count("unsent"));
		values.put("ended", (double) phase.ends().values().stream().mapToLong(Long::longValue).sum());
		Phase.VIOLATIONS.forEach((kind) -> values.put(kind, (double) phase.count(kind)));
		return values;
	}

}
