package dev.realtime.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the kit said.
 *
 * @param code the exit code
 * @param output the text
 * @param results the result of each case, by its id
 */
record KitRun(int code, String output, Map<String, String> results) {

	/** Runs the kit in this JVM. */
	static KitRun of(Path folder, String command, String... args) throws IOException {
		Path json = folder.resolve("result.json");
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		List<String> all = new ArrayList<>(List.of(args));
		all.add(command);
		all.add("--json=" + json);
		int code = Conformance.run(all, new PrintStream(out, true, StandardCharsets.UTF_8));
		Map<String, String> results = new TreeMap<>();
		JsonNode result = new ObjectMapper().readTree(json.toFile());
		result.path("cases").forEach((each) -> results.put(each.path("id").asText(), each.path("result").asText()));
		assertThat(result.path("passed").asBoolean()).isEqualTo(code == 0);
		return new KitRun(code, out.toString(StandardCharsets.UTF_8), results);
	}

	List<String> of(String result) {
		return this.results.entrySet()
			.stream()
			.filter((each) -> each.getValue().equals(result))
			.map(Map.Entry::getKey)
			.toList();
	}

}
