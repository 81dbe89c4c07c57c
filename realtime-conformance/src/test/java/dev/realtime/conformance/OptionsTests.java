package dev.realtime.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import dev.realtime.conformance.cases.AllCases;
import dev.realtime.conformance.driver.CommandLine;
import dev.realtime.conformance.scene.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The command line, and what every case says about itself. */
class OptionsTests {

	private static final List<Case> ALL = AllCases.all();

	@Test
	void takesAllOptions() {
		Options options = Options.parse(List.of("--client-command=node 'my driver.mjs' {url}", "--case=recovery",
				"--case=gaps/announced", "--timeout=500ms", "--parallel=2", "--json=out.json"), ALL);
		assertThat(options.command()).containsExactly("node", "my driver.mjs", "{url}");
		assertThat(options.patience()).isEqualTo(Duration.ofMillis(500));
		assertThat(options.parallel()).isEqualTo(2);
		assertThat(options.json()).isEqualTo(Path.of("out.json"));
		assertThat(ALL.stream().filter(options::chooses).map(Case::id)).contains("recovery/cut", "gaps/announced")
			.doesNotContain("gaps/position");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			--client-command=x --case=nothing  | There is no case and no group nothing
			--client-command=x --timeout=10    | --timeout is written like 10s or 500ms, not 10
			--client-command=x --timeout=0s    | --timeout is longer than 0
			--client-command=x --parallel=0    | --parallel is a number from 1 to 64, not 0
			--client-command=x --parallel=many | --parallel is a number from 1 to 64, not many
			--client-command=x --jason=a       | Unknown option --jason=a
			--client-command=x --json          | Write --json=VALUE
			--client-command=x --list=yes      | --list has no value
			--case=recovery                    | --client-command is missing
			--client-command=                  | --client-command is empty
			""")
	void saysWhatIsWrong(String args, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(List.of(args.split(" ", -1)), ALL))
			.withMessageContaining(message);
	}

	@Test
	void aQuoteNeedsAnEnd() {
		assertThatIllegalArgumentException().isThrownBy(() -> CommandLine.split("node 'driver"))
			.withMessageContaining("a quote without an end");
	}

	@Test
	void listsTheCasesAndShowsTheUsageAfterAnError() {
		assertThat(printed(0, "--list")).contains("recovery/cut").contains("required").contains("optional");
		assertThat(printed(2, "--list=1")).contains("--list has no value")
			.contains("java -jar realtime-conformance.jar");
	}

	private static String printed(int code, String... args) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		assertThat(Conformance.run(List.of(args), new PrintStream(out, true, StandardCharsets.UTF_8))).isEqualTo(code);
		return out.toString(StandardCharsets.UTF_8);
	}

	@Test
	void idsAreUniqueAndSectionsAreHeadingsOfTheProtocol() throws IOException {
		assertThat(ALL.stream().map(Case::id)).doesNotHaveDuplicates();
		Set<String> headings = Files.readString(Path.of("../docs/protocol.md"))
			.lines()
			.filter((line) -> line.startsWith("#"))
			.map((line) -> line.replaceFirst("#+ ", "")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^a-z0-9 -]", "")
				.replace(' ', '-'))
			.collect(Collectors.toSet());
		assertThat(headings).containsAll(ALL.stream().map(Case::section).toList());
	}

	@Test
	void theReadMeNamesAllGroups() throws IOException {
		String readMe = Files.readString(Path.of("README.md"));
		assertThat(Arrays.asList(ALL.stream().map(Case::group).distinct().toArray(String[]::new)))
			.allSatisfy((group) -> assertThat(readMe).contains("| `" + group + "` |"));
	}

}
