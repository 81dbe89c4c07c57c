package dev.realtime.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The kit passes a client that is right, and finds what is wrong with one that is not.
 */
class ConformanceIT {

	private static final String JAVASCRIPT = "node '" + Path.of("drivers/javascript/driver.mjs").toAbsolutePath() + "'";

	@TempDir
	Path folder;

	@Test
	void theJavaScriptClientPassesAllCasesButTransactions() throws IOException {
		KitRun run = run("--client-command=" + JAVASCRIPT, "--parallel=12");
		assertThat(run.code()).as(run.output()).isZero();
		assertThat(run.of("failed")).as(run.output()).isEmpty();
		assertThat(run.of("skipped")).as(run.output()).allMatch((id) -> id.startsWith("transactions/"));
	}

	@Test
	void aNaiveClientFailsExactlyTheCasesThatItIsWrongIn() throws IOException {
		KitRun run = run("--client-command=" + naive(), "--timeout=6s", "--parallel=4",
				"--case=connection/handshake,connection/packed,connection/fragments,connection/nul,connection/escapes",
				"--case=credentials/refused,heartbeats/silent-server,order/duplicate,order/tombstone,gaps/announced",
				"--case=recovery/position,recovery/expired,publishing/receipt,denials/subscription",
				"--case=closing/stays-away-after-1008,drain/backoff");
		assertThat(run.code()).as(run.output()).isEqualTo(1);
		assertThat(run.of("passed")).as(run.output())
			.containsExactlyInAnyOrder("connection/handshake", "connection/fragments", "order/tombstone",
					"publishing/receipt");
		assertThat(run.of("failed")).as(run.output())
			.containsExactlyInAnyOrder("connection/packed", "connection/nul", "connection/escapes",
					"credentials/refused", "heartbeats/silent-server", "order/duplicate", "gaps/announced",
					"recovery/position", "recovery/expired", "denials/subscription", "closing/stays-away-after-1008",
					"drain/backoff");
	}

	@Test
	void aPlainClientIsNotAskedForWhatTheProtocolLeavesOpen() throws IOException {
		KitRun run = run("--client-command=" + naive() + " plain", "--timeout=6s",
				"--case=credentials/connect,heartbeats,order/new-epoch,wildcard/topics");
		assertThat(run.code()).as(run.output()).isZero();
		assertThat(run.of("passed")).as(run.output())
			.containsExactlyInAnyOrder("credentials/connect", "order/new-epoch");
		assertThat(run.of("skipped")).as(run.output())
			.containsExactlyInAnyOrder("heartbeats/sends", "heartbeats/silent-server", "wildcard/topics");
	}

	@Test
	void theJarRunsACase() throws IOException, InterruptedException {
		String jar = Objects.requireNonNull(System.getProperty("conformance.jar"), "Run this with mvn verify");
		Path output = this.folder.resolve("output.txt");
		Process process = new ProcessBuilder(java(), "-jar", jar, "--case=recovery/cut",
				"--client-command=" + JAVASCRIPT)
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the process ends").isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		String printed = Files.readString(output);
		assertThat(process.exitValue()).as(printed).isZero();
		assertThat(printed).contains("passed   recovery/cut", "1 passed, 0 failed, 0 skipped");
	}

	@Test
	void aDriverThatDoesNotStartFailsTheCase() throws IOException {
		KitRun run = run("--client-command=no-such-program-as-this", "--case=recovery/cut");
		assertThat(run.code()).isEqualTo(1);
		assertThat(run.output()).contains("the client command starts", "no-such-program-as-this");
	}

	@Test
	void aDriverThatEndsFailsTheCase() throws IOException {
		KitRun run = run("--client-command=node --eval 'console.error(\"out of order\")'", "--case=recovery/cut");
		assertThat(run.code()).isEqualTo(1);
		assertThat(run.output()).contains("the event `ready` from the driver", "the driver has ended", "out of order");
	}

	private KitRun run(String command, String... args) throws IOException {
		return KitRun.of(this.folder, command, args);
	}

	/** A JVM that starts as fast as one can. */
	private static String naive() {
		String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
			.filter((each) -> each.contains("test-classes") || each.contains("jackson-") || each.contains("jspecify"))
			.collect(Collectors.joining(File.pathSeparator));
		return "'" + java() + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + path + "' "
				+ NaiveDriver.class.getName();
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

}
