package dev.realtime.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of meters in {@code docs/metrics.md}. Its second column is the kind, then
 * tags without their values, a unit, and tags with their values:
 * {@code histogram, `rule`,
 * `outcome` = `ok`, `failed`}.
 */
public final class DocumentedMeters {

	private static final Path PAGE = Path.of("..", "docs", "metrics.md");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(realtime\\.[a-z.]+)` \\| ([^|]+) \\|");

	private static final Pattern TAG = Pattern.compile("`([a-z.-]+)`( = .*)?");

	private DocumentedMeters() {
	}

	/** The rows by the meter's name; a name has one. */
	public static Map<String, Meter> read() {
		Map<String, Meter> meters = new LinkedHashMap<>();
		ROW.matcher(text()).results().forEach((row) -> {
			assertThat(meters.put(row.group(1), meter(row.group(2)))).as("two rows of %s", row.group(1)).isNull();
		});
		assertThat(meters).hasSizeGreaterThan(20);
		return meters;
	}

	private static String text() {
		try {
			return Files.readString(PAGE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Meter meter(String column) {
		String[] parts = column.split(", ", -1);
		Set<String> tags = new TreeSet<>();
		String unit = "";
		boolean values = false;
		for (int i = 1; i < parts.length; i++) {
			var tag = TAG.matcher(parts[i]);
			if (!tag.matches()) {
				unit = parts[i];
			}
			else if (!values || tag.group(2) != null) {
				tags.add(tag.group(1));
				values = tag.group(2) != null;
			}
		}
		return new Meter(parts[0], unit, tags);
	}

	/**
	 * What a meter is.
	 *
	 * @param kind {@code gauge}, {@code counter}, {@code timer} or {@code histogram}
	 * @param unit empty for counts, and for durations
	 * @param tags the names of its tags
	 */
	public record Meter(String kind, String unit, Set<String> tags) {
	}

}
