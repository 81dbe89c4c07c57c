package dev.realtime.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.boot.json.JsonParserFactory;

/** What {@code docs/ops} has for Prometheus and Grafana. */
public final class OperatingFiles {

	public static final Path FOLDER = Path.of("..", "docs", "ops");

	private static final Pattern METER = Pattern.compile("\\brealtime_[a-z_]+");

	private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

	private OperatingFiles() {
	}

	/** The names of the alert rules, in their order. */
	static List<String> alerts() {
		return ALERT.matcher(text("alerts.yml")).results().map((result) -> result.group(1)).toList();
	}

	/** The dashboard's queries, with its variables replaced. */
	public static List<String> queries(String job) {
		List<String> queries = new ArrayList<>();
		addQueries(JsonParserFactory.getJsonParser().parseMap(text("grafana-dashboard.json")), queries);
		return queries.stream()
			.map((query) -> query.replace("$job", job).replace("$instance", ".*").replace("$__rate_interval", "10s"))
			.toList();
	}

	/** The names of our meters that rules and panels use, as Prometheus has them. */
	static Set<String> meters() {
		Set<String> meters = new HashSet<>();
		Stream.of("alerts.yml", "grafana-dashboard.json")
			.forEach((file) -> METER.matcher(text(file)).results().forEach((result) -> meters.add(result.group())));
		return meters;
	}

	static String text(String file) {
		try {
			return Files.readString(FOLDER.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void addQueries(Object node, List<String> queries) {
		if (node instanceof Map<?, ?> map) {
			map.forEach((key, value) -> {
				if ("expr".equals(key)) {
					queries.add(String.valueOf(value));
				}
				else if (value != null) {
					addQueries(value, queries);
				}
			});
		}
		else if (node instanceof List<?> list) {
			list.forEach((each) -> addQueries(each, queries));
		}
	}

}
