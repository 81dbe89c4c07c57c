package dev.realtime.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.realtime.bench.scenario.Figures;

/** Figures as a Markdown table, which reads as well on a terminal. */
public final class Table {

	private Table() {
	}

	public static String of(String title, List<Figures> rows) {
		return of(title, "server", rows);
	}

	/** With another name for what was measured. */
	public static String of(String title, String measured, List<Figures> rows) {
		Set<String> names = new LinkedHashSet<>();
		rows.forEach((row) -> names.addAll(row.values().keySet()));
		List<List<String>> cells = new ArrayList<>();
		List<String> head = new ArrayList<>(List.of(title, measured));
		head.addAll(names);
		cells.add(head);
		for (Figures row : rows) {
			List<String> line = new ArrayList<>(List.of(row.variant(), row.server()));
			names.forEach((name) -> line.add(number(row.values().get(name))));
			cells.add(line);
		}
		return lines(cells);
	}

	/** Three digits that matter; thousands apart. */
	static String number(@org.jspecify.annotations.Nullable Double value) {
		if (value == null) {
			return "";
		}
		return String.format(Locale.ROOT,
				(Math.abs(value) >= 100) ? "%,.0f" : (Math.abs(value) >= 10) ? "%.1f" : "%.2f", value);
	}

	private static String lines(List<List<String>> cells) {
		StringBuilder text = new StringBuilder();
		for (int row = 0; row < cells.size(); row++) {
			text.append('|');
			for (int column = 0; column < cells.get(row).size(); column++) {
				int wanted = column;
				int width = cells.stream().mapToInt((line) -> line.get(wanted).length()).max().orElse(0);
				String cell = cells.get(row).get(column);
				String padding = " ".repeat(width - cell.length());
				text.append(' ').append((column < 2) ? cell + padding : padding + cell).append(" |");
			}
			text.append('\n');
			if (row == 0) {
				text.append("|---|---|").append("---:|".repeat(cells.get(0).size() - 2)).append('\n');
			}
		}
		return text.toString();
	}

}
