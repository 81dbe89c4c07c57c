package dev.realtime.bench.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.bench.scenario.Steady;

/**
 * What real runs have measured.
 *
 * @param machine that they ran on
 * @param cores of it
 * @param runs all of them; those of the same size and rate are repetitions
 */
record RealRuns(String machine, int cores, List<Steady> runs) {

	private static final String SHIPPED = "/capacity-runs.json";

	private static final long MOST_BYTES = 1_000_000;

	RealRuns {
		runs = List.copyOf(runs);
		if (cores < 1 || runs.isEmpty()) {
			throw new IllegalArgumentException("There must be runs, and the cores of their machine");
		}
	}

	/**
	 * Reads a recording.
	 * @param path {@code shipped} for the one that the documents quote, or a file
	 * @throws IllegalArgumentException if it is none, saying why
	 */
	static RealRuns read(String path) {
		try {
			return new ObjectMapper().readValue(bytes(path), RealRuns.class);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("--recorded: " + path + " is no recording: " + ex.getOriginalMessage(),
					ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static byte[] bytes(String path) throws IOException {
		if (path.equals("shipped")) {
			try (InputStream file = RealRuns.class.getResourceAsStream(SHIPPED)) {
				if (file == null) {
					throw new IllegalStateException("There is no " + SHIPPED);
				}
				return file.readAllBytes();
			}
		}
		Path file = Path.of(path);
		if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
			throw new IllegalArgumentException(
					"--recorded must be \"shipped\" or a file of at most 1 MB that `capacity verify` has written, not "
							+ path);
		}
		return Files.readAllBytes(file);
	}

	/** Writes a recording, over what is there. */
	void write(Path file) {
		try {
			Files.createDirectories(file.toAbsolutePath().getParent());
			Files.writeString(file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Of each size and rate the medians. */
	List<Steady> medians() {
		Map<String, List<Steady>> groups = new LinkedHashMap<>();
		for (Steady run : this.runs) {
			groups.computeIfAbsent(run.nodes() + " " + run.subscribers() + " " + run.rate(), (key) -> new ArrayList<>())
				.add(run);
		}
		return groups.values().stream().map(Steady::median).toList();
	}

}
