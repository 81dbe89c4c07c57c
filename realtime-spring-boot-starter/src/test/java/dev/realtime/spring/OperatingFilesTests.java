package dev.realtime.spring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import dev.realtime.testing.Engines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Alert rules, runbooks and the dashboard agree with each other and with the meters. */
class OperatingFilesTests {

	@Test
	void rulesAndPanelsNameMetersThatExist() {
		assertThat(OperatingFiles.meters()).hasSizeGreaterThan(20).isSubsetOf(documentedMeters());
	}

	@Test
	void eachAlertHasARunbookAndAFailingAndAHealthySeries() {
		String runbooks = OperatingFiles.text("runbooks.md");
		String tests = OperatingFiles.text("alerts-tests.yml");
		List<String> alerts = OperatingFiles.alerts();
		assertThat(alerts).hasSizeGreaterThan(10).doesNotHaveDuplicates().allSatisfy((alert) -> {
			assertThat(runbooks).contains("\n## " + alert + "\n");
			assertThat(OperatingFiles.text("alerts.yml")).contains("runbooks.md#" + alert.toLowerCase(Locale.ROOT));
			assertThat(tests).contains("name: " + alert + ", failing", "name: " + alert + ", healthy");
		});
		assertThat(Pattern.compile("\n## (\\w+)\n").matcher(runbooks).results().map((result) -> result.group(1)))
			.containsExactlyElementsOf(alerts);
	}

	@Test
	void prometheusTakesTheRulesAndTheyTellFailingFromHealthy() throws IOException, InterruptedException {
		Path promtool = Engines.require("promtool", "prometheus");
		assertThat(run(promtool, "check", "rules", "alerts.yml")).contains(OperatingFiles.alerts().size() + " rules");
		assertThat(run(promtool, "test", "rules", "alerts-tests.yml")).contains("SUCCESS").doesNotContain("FAILED");
	}

	private static String run(Path program, String... arguments) throws IOException, InterruptedException {
		List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).directory(OperatingFiles.FOLDER.toFile())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

	/** By Prometheus's names; see Micrometer's naming convention for it. */
	private static Set<String> documentedMeters() {
		Set<String> names = new HashSet<>();
		DocumentedMeters.read().forEach((meter, row) -> {
			String name = meter.replace('.', '_');
			switch (row.kind()) {
				case "counter" -> names.add(name + "_total");
				case "gauge" -> names.add(row.unit().equals("seconds") ? name + "_seconds" : name);
				default -> {
					String base = row.unit().isEmpty() ? name + "_seconds" : name;
					names.addAll(List.of(base + "_bucket", base + "_count", base + "_sum", base + "_max"));
				}
			}
		});
		return names;
	}

}
