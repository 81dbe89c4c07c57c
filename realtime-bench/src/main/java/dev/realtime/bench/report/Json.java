package dev.realtime.bench.report;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.bench.scenario.Figures;

/** A scenario's figures with the machine they were taken on. */
public final class Json {

	private Json() {
	}

	public static String of(String scenario, int runs, List<Figures> figures) {
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("scenario", scenario);
		document.put("runs", runs);
		document.put("at", Instant.now().toString());
		document.put("cores", Runtime.getRuntime().availableProcessors());
		document.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		document.put("java", Runtime.version().toString());
		document.put("medians", figures);
		try {
			return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document) + '\n';
		}
		catch (JsonProcessingException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
