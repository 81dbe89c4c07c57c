package dev.realtime.conformance;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The kit passes a client in another language, and finds what is wrong with clients that
 * are nearly right.
 */
class WrongClientsIT {

	private static final Path DRIVERS = Path.of("drivers").toAbsolutePath();

	private static final Path WRONG = Path.of("src/test/drivers").toAbsolutePath();

	private static final String PARTS = "--case=transactions,typing,texts,unread,credentials/renewed-twice,"
			+ "credentials/renewal-unchecked,credentials/renewal-unknown";

	@TempDir
	Path folder;

	@Test
	void theClientInPythonPassesAllCasesButThoseOverHttp() throws IOException {
		assumePython();
		KitRun run = run("python3 -B '" + DRIVERS.resolve("python/driver.py") + "'", "--parallel=12");
		assertThat(run.code()).as(run.output()).isZero();
		assertThat(run.of("failed")).as(run.output()).isEmpty();
		assertThat(run.of("skipped")).as(run.output()).isNotEmpty().allMatch((id) -> id.matches("(sse|poll|http)/.*"));
	}

	@Test
	void aHastyClientFails() throws IOException {
		assumePython();
		KitRun run = run(python("hasty"), "--timeout=5s", "--parallel=12", PARTS);
		assertThat(run.of("failed")).as(run.output())
			.containsExactlyInAnyOrder("transactions/commit", "transactions/abort", "transactions/cut",
					"transactions/refused", "typing/sent", "typing/keystrokes", "typing/forgotten", "typing/message",
					"texts/repeated", "texts/hole", "texts/dead-node", "unread/returns", "unread/names",
					"unread/read-up-to", "unread/refused", "credentials/renewed-twice", "credentials/renewal-unchecked",
					"credentials/renewal-unknown");
	}

	@Test
	void aDeafClientFails() throws IOException {
		assumePython();
		KitRun run = run(python("deaf"), "--timeout=5s", "--parallel=12", PARTS);
		assertThat(run.of("failed")).as(run.output())
			.contains("typing/received", "texts/grows", "texts/two", "texts/cut", "unread/watched",
					"unread/other-device", "unread/read-all")
			.doesNotContain("transactions/commit", "transactions/abort", "typing/sent", "typing/keystrokes",
					"credentials/renewed-twice");
	}

	@Test
	void aForgetfulClientOverHttpFails() throws IOException {
		KitRun run = run(javaScript("forgetful"), "--timeout=5s", "--parallel=12", "--case=sse,poll,http");
		assertThat(run.of("failed")).as(run.output())
			.contains("sse/returns", "poll/returns", "sse/expired", "poll/expired", "http/send", "http/send-same-id",
					"http/send-refused");
	}

	@Test
	void aSilentClientOverHttpFails() throws IOException {
		KitRun run = run(javaScript("silent"), "--timeout=5s", "--parallel=12", "--case=sse,poll,http");
		assertThat(run.of("failed")).as(run.output())
			.contains("sse/messages", "poll/messages", "sse/burst", "poll/burst", "sse/denied", "poll/denied",
					"sse/closed")
			.doesNotContain("http/send-same-id", "http/send-refused");
	}

	private KitRun run(String command, String... args) throws IOException {
		return KitRun.of(this.folder, "--client-command=" + command, args);
	}

	private static String python(String fault) {
		return "python3 '" + WRONG.resolve("wrong.py") + "' '" + DRIVERS.resolve("python") + "' " + fault;
	}

	private static String javaScript(String fault) {
		return "node '" + WRONG.resolve("wrong.mjs") + "' '" + DRIVERS.resolve("javascript/driver.mjs") + "' " + fault;
	}

	private static void assumePython() {
		try {
			Process python = new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 9))")
				.start();
			assumeTrue(python.waitFor() == 0, "The driver needs Python 3.9 or later");
		}
		catch (IOException ex) {
			assumeTrue(false, "There is no python3");
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
