package dev.realtime.bench.trial;

import java.util.List;
import java.util.Locale;

import org.HdrHistogram.Histogram;

/**
 * The latency of each phase by percentile, with one scale for microseconds and seconds.
 * An SVG that is legible on light and dark pages.
 */
final class PercentileChart {

	private static final double[] PERCENTILES = { 50, 90, 99, 99.9, 99.99, 100 };

	private static final List<String> LIGHT = List.of("#2f6fdb", "#c2410c", "#15803d", "#7e22ce", "#525252");

	private static final List<String> DARK = List.of("#6ea1ff", "#fb923c", "#4ade80", "#c084fc", "#a3a3a3");

	private static final int LEFT = 80;

	private static final int TOP = 50;

	private static final int STEP = 100;

	private static final int HEIGHT = 280;

	/** The scale is logarithmic: from 0.1 ms up, so many powers of ten. */
	private static final int DECADES = 6;

	private PercentileChart() {
	}

	static String of(Result result) {
		int width = LEFT + STEP * (PERCENTILES.length - 1) + 150;
		StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
				<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">
				<style>text{fill:#222}path{fill:none;stroke-width:2}.grid{stroke:#8a94a6;stroke-width:.4}
				%s@media(prefers-color-scheme:dark){text{fill:#ddd}%s}</style>
				<text x="10" y="24" font-size="16">latency by percentile: %,d connections, %,d topics</text>
				""", width, TOP + HEIGHT + 40, colors(LIGHT), colors(DARK), result.connections(), result.topics()));
		axes(svg);
		List<Phase> shown = result.phases()
			.stream()
			.filter((phase) -> !phase.name().equals("connect") && phase.time("latency").getTotalCount() > 0)
			.toList();
		for (int i = 0; i < shown.size(); i++) {
			Histogram latency = shown.get(i).time("latency");
			int color = i % LIGHT.size();
			svg.append("<path class=\"p").append(color).append("\" d=\"");
			for (int at = 0; at < PERCENTILES.length; at++) {
				svg.append(String.format(Locale.ROOT, "%s%d %.1f", (at == 0) ? "M" : " L", LEFT + at * STEP,
						y(latency.getValueAtPercentile(PERCENTILES[at]) / 1_000.0)));
			}
			svg.append("\"/>\n");
			int row = TOP + 16 + i * 22;
			int column = LEFT + STEP * (PERCENTILES.length - 1) + 16;
			svg.append(String.format(Locale.ROOT,
					"<path class=\"p%d\" d=\"M%d %d h20\"/><text x=\"%d\" y=\"%d\">%s</text>%n", color, column, row - 4,
					column + 26, row, shown.get(i).name()));
		}
		return svg.append("</svg>\n").toString();
	}

	private static String colors(List<String> colors) {
		StringBuilder css = new StringBuilder();
		for (int i = 0; i < colors.size(); i++) {
			css.append(".p").append(i).append("{stroke:").append(colors.get(i)).append('}');
		}
		return css.toString();
	}

	private static void axes(StringBuilder svg) {
		int right = LEFT + STEP * (PERCENTILES.length - 1);
		for (int decade = 0; decade <= DECADES; decade++) {
			double millis = Math.pow(10, decade - 1.0);
			svg.append(String.format(Locale.ROOT,
					"<path class=\"grid\" d=\"M%d %.1f H%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
					LEFT, y(millis), right, LEFT - 8, y(millis) + 4, (millis >= 1_000) ? (int) (millis / 1_000) + " s"
							: (millis >= 1) ? (int) millis + " ms" : "0.1 ms"));
		}
		for (int at = 0; at < PERCENTILES.length; at++) {
			String name = (PERCENTILES[at] == 100) ? "max"
					: String.valueOf(PERCENTILES[at]).replaceAll("\\.0$", "") + " %";
			svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
					LEFT + at * STEP, TOP + HEIGHT + 22, name));
		}
	}

	private static double y(double millis) {
		double decades = Math.log10(Math.max(millis, 0.1) / 0.1);
		return TOP + HEIGHT - Math.min(decades, DECADES) / DECADES * HEIGHT;
	}

}
