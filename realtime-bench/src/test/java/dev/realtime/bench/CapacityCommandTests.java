package dev.realtime.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The command as it is called, and as docs/capacity.md shows it. */
class CapacityCommandTests {

	private static final Path DOCS = Path.of("../docs/capacity.md");

	/** A block of code that begins with the command, then shows what it prints. */
	private static final Pattern EXAMPLE = Pattern
		.compile("```\n\\$ java -jar realtime-bench.jar (capacity [^\n]*)\n(.*?)```", Pattern.DOTALL);

	static Stream<List<String>> examples() throws IOException {
		return EXAMPLE.matcher(Files.readString(DOCS))
			.results()
			.map((MatchResult found) -> List.of(found.group(1), found.group(2)));
	}

	@Test
	void theDocumentHasThreeExamplesASimulationAndAComparison() throws IOException {
		assertThat(examples().filter((each) -> each.get(0).startsWith("capacity --"))).hasSizeGreaterThanOrEqualTo(4);
		assertThat(examples().filter((each) -> each.get(0).startsWith("capacity simulate"))).isNotEmpty();
		assertThat(examples().filter((each) -> each.get(0).startsWith("capacity verify"))).isNotEmpty();
	}

	/** A line of three dots stands for the rest. */
	@ParameterizedTest
	@MethodSource("examples")
	void theExamplesPrintWhatTheDocumentSays(List<String> example) {
		String printed = CapacityCommand.text(Arguments.parse(List.of(example.get(0).split(" ", -1))));
		String shown = example.get(1);
		if (shown.endsWith("…\n")) {
			assertThat(printed).startsWith(shown.substring(0, shown.length() - 2));
		}
		else {
			assertThat(printed).isEqualTo(shown);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "capacity", "capacity guess", "capacity --connections=many --events=1 --fan-out=1",
			"capacity --connections=10 --groups=1x1 --events=2",
			"capacity --connections=10 --groups=1x1@1/s --color=red",
			"capacity --connections=10 --groups=1x1@1/s --seed=1",
			"capacity --connections=10 --groups=1x1@1/s --costs=nowhere",
			"capacity simulate --connections=10 --groups=1x1@1/s --seconds=1k",
			"capacity simulate --connections=10 --groups=1x1@1/s --sample=100",
			"capacity simulate --connections=10 --groups=1x1@1/s --nodes=1m",
			"capacity simulate --connections=1g --groups=1x1@1/s --nodes=2",
			"capacity simulate --connections=10m --groups=1kx10k@1k/s --seconds=600",
			"capacity measure --costs=shipped", "capacity verify --servers=fax", "capacity verify --recorded=nowhere",
			"capacity verify --recorded=shipped --servers=netty" })
	void aWrongCommandLineIsAnsweredWithASentence(String line) {
		assertThat(Bench.run(List.of(line.split(" ", -1)))).isEqualTo(2);
	}

}
