package dev.realtime.bench.trial;

import java.util.List;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.Bench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The command line of {@code load}. */
class TrialOptionsTests {

	@Test
	void headersAreRepeatedAndHaveTheClientsNumber() {
		TrialOptions options = options("--url=wss://chat.example.com/app/realtime?tenant=7", "--header=Cookie: s={n}",
				"--header=Origin: https://chat.example.com", "--connect-header=login:user-{n}",
				"--connect-header=passcode:secret");
		assertThat(options.target().name()).isEqualTo("wss://chat.example.com");
		assertThat(options.target().port()).isEqualTo(443);
		assertThat(options.target().path()).isEqualTo("/app/realtime?tenant=7");
		assertThat(options.target().headers()).containsExactly("Cookie: s={n}", "Origin: https://chat.example.com");
		assertThat(options.frames().connect(12)).contains("\nlogin:user-12\npasscode:secret\n");
	}

	@Test
	void theBodyIsATemplate() {
		TrialOptions options = options("--url=ws://localhost:8080/realtime", "--send=/app/room/{t}/say",
				"--body={\"text\":\"{mark}\",\"room\":{t}}", "--send-header=id:{mark}");
		Mark mark = new Mark(4, 2, 99);
		assertThat(options.frames().send(mark, 1)).startsWith("SEND\ndestination:/app/room/4/say\nreceipt:4-2\n")
			.contains("\ncontent-type:application/json\n")
			.contains("\nid:" + mark.text(options.frames().run()) + '\n')
			.endsWith("\n\n{\"text\":\"" + mark.text(options.frames().run()) + "\",\"room\":4}\0");
	}

	@Test
	void whatTheSystemDoesNotAllowIsSaid() {
		assertThatIllegalArgumentException().isThrownBy(() -> ProcessLimits.checkFiles(20_000, 1_024))
			.withMessageContaining("ulimit -n 20200");
		assertThatIllegalArgumentException().isThrownBy(() -> ProcessLimits.checkPorts(30_000, "32768\t60999\n"))
			.withMessageContaining("this machine has 28232");
	}

	@ParameterizedTest
	@ValueSource(strings = { "load", "load --url=http://localhost/realtime", "load --url=localhost:8080",
			"load --url=ws://localhost --rate=fast", "load --url=ws://localhost --scenario=panic",
			"load --url=ws://localhost --header=Cookie", "load --url=ws://localhost --body=hello",
			"load --url=ws://localhost --connect-header=heart-beat:0,0", "load --url=ws://localhost --verify=maybe",
			"load --url=ws://localhost --topics=9 --connections=3", "load --url=ws://localhost --color=red",
			"load --url=ws://localhost --connections=2000000000", "load divide", "load merge",
			"load merge no-such-file.json", "load merge pom.xml", "load merge a.json --url=ws://localhost" })
	void aWrongCommandLineIsAnsweredWithASentence(String line) {
		assertThat(Bench.run(List.of(line.split(" ", -1)))).isEqualTo(2);
	}

	private static TrialOptions options(String... options) {
		return TrialOptions.of(Arguments.parse(List.of(options)));
	}

}
