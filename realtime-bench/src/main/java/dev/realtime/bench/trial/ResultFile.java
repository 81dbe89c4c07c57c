package dev.realtime.bench.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.HdrHistogram.Histogram;

/**
 * A result as JSON. Its histograms are whole, compressed and in base64 as HdrHistogram
 * writes them, so that those of several processes are merged without loss.
 */
public final class ResultFile {

	private static final double[] SHOWN = { 50, 90, 99, 99.9, 100 };

	private static final ObjectMapper MAPPER = new ObjectMapper();

	private ResultFile() {
	}

	/** Writes {@code NAME.json} and the chart {@code NAME.svg} into the folder. */
	public static void write(Result result, String folder, String name) {
		try {
			Path into = Files.createDirectories(Path.of(folder));
			Files.writeString(into.resolve(name + ".json"),
					MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document(result)) + '\n');
			Files.writeString(into.resolve(name + ".svg"), PercentileChart.of(result));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads what {@link #write} has written.
	 * @throws IllegalArgumentException if the file is none of these
	 */
	static Result read(String file) {
		try {
			JsonNode document = MAPPER.readTree(Path.of(file).toFile());
			List<Phase> phases = new ArrayList<>();
			for (JsonNode phase : document.path("phases")) {
				phases.add(phase(phase));
			}
			if (phases.isEmpty()) {
				throw new IllegalArgumentException(file + " is no result of load: it has no phases");
			}
			return new Result(document.path("deployment").asText(), document.path("connections").asInt(),
					document.path("topics").asInt(), phases);
		}
		catch (IOException | DataFormatException ex) {
			throw new IllegalArgumentException(file + " is no result of load: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Reads several files and adds them up.
	 * @throws IllegalArgumentException if there are none, or they do not belong together
	 */
	public static Result merge(List<String> files) {
		return files.stream()
			.map(ResultFile::read)
			.reduce(Result::and)
			.orElseThrow(
					() -> new IllegalArgumentException("load merge needs the files to merge: load merge FILE FILE"));
	}

	private static Map<String, Object> document(Result result) {
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("deployment", result.deployment());
		document.put("connections", result.connections());
		document.put("topics", result.topics());
		document.put("exact", result.isExact());
		document.put("at", Instant.now().toString());
		document.put("phases", result.phases().stream().map(ResultFile::document).toList());
		return document;
	}

	private static Map<String, Object> document(Phase phase) {
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("name", phase.name());
		document.put("seconds", phase.seconds());
		document.put("counts", phase.counts());
		document.put("ends", phase.ends());
		document.put("violations", phase.violations());
		document.put("memory", phase.memory());
		Map<String, Object> times = new LinkedHashMap<>();
		phase.times().forEach((name, time) -> times.put(name, document(time)));
		document.put("times", times);
		return document;
	}

	private static Map<String, Object> document(Histogram time) {
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("count", time.getTotalCount());
		for (double percentile : SHOWN) {
			document.put("p" + String.valueOf(percentile).replaceAll("\\.0$", "") + " us",
					time.getValueAtPercentile(percentile));
		}
		ByteBuffer encoded = ByteBuffer.allocate(time.getNeededByteBufferCapacity());
		int length = time.encodeIntoCompressedByteBuffer(encoded);
		document.put("histogram", Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(encoded.array(), length)));
		return document;
	}

	private static Phase phase(JsonNode node) throws DataFormatException {
		Map<String, Long> counts = new LinkedHashMap<>();
		node.path("counts").properties().forEach((each) -> counts.put(each.getKey(), each.getValue().asLong()));
		Map<String, Long> ends = new LinkedHashMap<>();
		node.path("ends").properties().forEach((each) -> ends.put(each.getKey(), each.getValue().asLong()));
		Map<String, Double> memory = new LinkedHashMap<>();
		node.path("memory").properties().forEach((each) -> memory.put(each.getKey(), each.getValue().asDouble()));
		List<String> violations = new ArrayList<>();
		node.path("violations").forEach((each) -> violations.add(each.asText()));
		Map<String, Histogram> times = new LinkedHashMap<>();
		for (var each : node.path("times").properties()) {
			byte[] encoded = Base64.getDecoder().decode(each.getValue().path("histogram").asText());
			times.put(each.getKey(), Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), 0));
		}
		return new Phase(node.path("name").asText(), node.path("seconds").asDouble(), counts, times, memory, ends,
				violations);
	}

}
