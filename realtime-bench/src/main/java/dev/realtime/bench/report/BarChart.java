package dev.realtime.bench.report;

import java.util.List;
import java.util.Locale;

import dev.realtime.bench.scenario.Figures;
import dev.realtime.bench.scenario.ServerNames;

/** One figure of all servers as an SVG that is legible on light and dark pages. */
public final class BarChart {

	private static final int LABELS = 250;

	private static final int BARS = 420;

	private static final int ROW = 26;

	private static final int TOP = 44;

	private BarChart() {
	}

	public static String of(String scenario, String figure, List<Figures> rows) {
		List<Figures> shown = rows.stream().filter((row) -> row.values().containsKey(figure)).toList();
		double largest = shown.stream().mapToDouble((row) -> value(row, figure)).max().orElse(1);
		StringBuilder svg = new StringBuilder();
		svg.append(String.format(Locale.ROOT, """
				<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">
				<style>text{fill:#222}rect{fill:#8a94a6}.ours{fill:#2f6fdb}
				@media(prefers-color-scheme:dark){text{fill:#ddd}rect{fill:#6b7689}.ours{fill:#6ea1ff}}</style>
				<text x="10" y="24" font-size="16">%s: %s</text>
				""", LABELS + BARS + 110, TOP + ROW * shown.size() + 10, scenario, figure));
		for (int i = 0; i < shown.size(); i++) {
			Figures row = shown.get(i);
			double width = Math.max(1, value(row, figure) / largest * BARS);
			int y = TOP + i * ROW;
			svg.append(String.format(Locale.ROOT, """
					<text x="%d" y="%d" text-anchor="end">%s</text>
					<rect x="%d" y="%d" width="%.1f" height="18" class="%s"/>
					<text x="%.1f" y="%d">%s</text>
					""", LABELS - 8, y + 14, (row.variant() + "  " + row.server()).strip(), LABELS, y, width,
					ServerNames.isOurs(row.server()) ? "ours" : "other", LABELS + width + 6, y + 14,
					Table.number(value(row, figure))));
		}
		return svg.append("</svg>\n").toString();
	}

	private static double value(Figures row, String figure) {
		return row.values().getOrDefault(figure, 0.0);
	}

}
