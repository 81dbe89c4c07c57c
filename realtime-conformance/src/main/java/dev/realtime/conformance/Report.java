package dev.realtime.conformance;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.conformance.scene.Case;
import dev.realtime.conformance.scene.Outcome;
import dev.realtime.conformance.scene.Outcome.Result;

/** The outcomes, as text and as JSON. */
final class Report {

	private static final String PROTOCOL = "docs/protocol.md#";

	private final PrintStream out;

	Report(PrintStream out) {
		this.out = out;
	}

	void list(List<Case> cases) {
		for (Case each : cases) {
			this.out.printf("%-36s %-9s %s%n", each.id(), level(each), each.why());
		}
	}

	void add(Outcome outcome) {
		Case played = outcome.played();
		this.out.printf("%-8s %-36s %-9s %,6d ms%n",
				(outcome.result() == Result.FAILED) ? "FAILED" : name(outcome.result()), played.id(), level(played),
				outcome.millis());
		if (outcome.result() == Result.FAILED) {
			this.out.println("         expected  " + outcome.expected());
			this.out.println("         happened  " + outcome.happened());
			this.out.println("         why       " + played.why());
			this.out.println("         see       " + PROTOCOL + played.section());
		}
		else if (outcome.result() == Result.SKIPPED) {
			this.out.println("         because   " + outcome.happened());
		}
	}

	void end(List<Outcome> outcomes) {
		long failed = outcomes.stream().filter(Outcome::isFatal).count();
		this.out.printf("%n%d cases: %d passed, %d failed, %d skipped. %s%n", outcomes.size(),
				count(outcomes, Result.PASSED), count(outcomes, Result.FAILED), count(outcomes, Result.SKIPPED),
				(failed == 0) ? "No required case failed." : "Required cases that failed: " + failed + ".");
	}

	void write(List<Outcome> outcomes, Path file) throws IOException {
		Map<String, Object> result = new LinkedHashMap<>();
		result.put("passed", outcomes.stream().noneMatch(Outcome::isFatal));
		result.put("cases", outcomes.stream().map(Report::json).toList());
		String json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result);
		Files.writeString(file, json + "\n", StandardCharsets.UTF_8);
	}

	private static Map<String, Object> json(Outcome outcome) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("id", outcome.played().id());
		json.put("level", level(outcome.played()));
		json.put("result", name(outcome.result()));
		if (!outcome.expected().isEmpty()) {
			json.put("expected", outcome.expected());
		}
		if (!outcome.happened().isEmpty()) {
			json.put("happened", outcome.happened());
		}
		json.put("why", outcome.played().why());
		json.put("see", PROTOCOL + outcome.played().section());
		json.put("millis", outcome.millis());
		return json;
	}

	private static long count(List<Outcome> outcomes, Result result) {
		return outcomes.stream().filter((outcome) -> outcome.result() == result).count();
	}

	private static String level(Case each) {
		return each.level().name().toLowerCase(Locale.ROOT);
	}

	private static String name(Result result) {
		return result.name().toLowerCase(Locale.ROOT);
	}

}
