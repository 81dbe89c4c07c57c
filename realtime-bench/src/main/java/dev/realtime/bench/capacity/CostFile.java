package dev.realtime.bench.capacity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads unit costs: the shipped ones, and those of a file or of a folder of results over
 * them.
 */
public final class CostFile {

	/** What {@code capacity measure} writes, in the folder of results. */
	public static final String MEASURED = "capacity-costs.json";

	private static final String SHIPPED = '/' + MEASURED;

	private static final double HUNDREDTHS = 100;

	private static final long MOST_BYTES = 1_000_000;

	private CostFile() {
	}

	/** The costs that the documents quote. */
	public static Costs shipped() {
		try (InputStream file = CostFile.class.getResourceAsStream(SHIPPED)) {
			if (file == null) {
				throw new IllegalStateException("There is no " + SHIPPED);
			}
			JsonNode document = new ObjectMapper().readTree(file);
			return new Costs(document.path("machine").asText(), costs(document, SHIPPED));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The shipped costs, and in place of them those that the file or folder has.
	 * @param path {@code shipped}, a file of costs, or the folder where {@code run} has
	 * written its results
	 * @throws IllegalArgumentException if it cannot be read, saying why
	 */
	public static Costs read(String path) {
		if (path.equals("shipped")) {
			return shipped();
		}
		Path file = Path.of(path);
		if (Files.isDirectory(file)) {
			return Results.read(file, shipped());
		}
		JsonNode document = document(file);
		return shipped().with("in place of them: " + document.path("machine").asText(path), costs(document, path));
	}

	/**
	 * Writes costs as a file that can be {@link #read read}.
	 * @param scope before each name
	 * @param costs by name, in the unit of each
	 * @param from what has measured them
	 * @return what the file says
	 */
	public static String write(Path file, String scope, Map<String, Double> costs, String from) {
		ObjectMapper mapper = new ObjectMapper();
		ObjectNode document = mapper.createObjectNode();
		document.put("machine", Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name")
				+ ' ' + System.getProperty("os.version"));
		ObjectNode all = document.putObject("costs");
		costs.forEach((name, value) -> all.putObject(scope + '.' + name)
			.put("value", Math.round(value * HUNDREDTHS) / HUNDREDTHS)
			.put("from", from));
		try {
			String text = mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + '\n';
			Files.createDirectories(file.toAbsolutePath().getParent());
			Files.writeString(file, text);
			return text;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A JSON document of moderate size. */
	static JsonNode document(Path file) {
		try {
			if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
				throw new IllegalArgumentException(
						"--costs must be \"shipped\", a JSON file of at most 1 MB, or a folder of results, not "
								+ file);
			}
			return new ObjectMapper().readTree(Files.readString(file));
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("--costs: " + file + " is no JSON: " + ex.getMessage(), ex);
		}
	}

	static Map<String, Cost> costs(JsonNode document, String file) {
		Map<String, Cost> costs = new TreeMap<>();
		JsonNode all = document.path("costs");
		if (!all.isObject() || all.isEmpty()) {
			throw new IllegalArgumentException("--costs: " + file + " has no object \"costs\"");
		}
		for (Map.Entry<String, JsonNode> each : all.properties()) {
			if (!file.equals(SHIPPED) && !shipped().values().containsKey(each.getKey())) {
				throw new IllegalArgumentException("--costs: " + file + " has an unknown cost \"" + each.getKey()
						+ "\"; there are " + new TreeSet<>(shipped().values().keySet()));
			}
			JsonNode value = each.getValue().path("value");
			if (!value.isNumber() || !(value.asDouble() >= 0)) {
				throw new IllegalArgumentException("--costs: \"" + each.getKey() + "\" of " + file
						+ " needs a \"value\" that is a number of at least 0");
			}
			costs.put(each.getKey(), new Cost(value.asDouble(), each.getValue().path("from").asText(file)));
		}
		return costs;
	}

}
