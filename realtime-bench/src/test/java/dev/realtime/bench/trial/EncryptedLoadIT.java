package dev.realtime.bench.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.scenario.ServerProcess;
import dev.realtime.bench.scenario.Settings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The load against a deployment that uses TLS with a self-signed certificate.
 */
class EncryptedLoadIT {

	private static final String PASSWORD = "changeit";

	@TempDir
	private static Path folder;

	private static ServerProcess deployment;

	@BeforeAll
	static void start() throws IOException, InterruptedException {
		Path store = folder.resolve("edge.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keyalg", "EC", "-dname", "CN=edge", "-ext", "SAN=IP:127.0.0.1", "-validity", "2",
				"-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
			.inheritIO()
			.start();
		assertThat(keytool.waitFor(20, TimeUnit.SECONDS)).isTrue();
		deployment = ServerProcess.start("tomcat", Settings.of(Arguments.parse(List.of("--jvm=-Xmx512m"))),
				"--server.ssl.key-store=" + store, "--server.ssl.key-store-password=" + PASSWORD,
				"--realtime.heartbeat.min=1s");
	}

	@AfterAll
	static void stop() {
		deployment.close();
	}

	/** Longer than the server waits for the heartbeats of clients. */
	@Test
	void everyDeliveryIsCountedOverTlsWithHeartbeats() {
		Result result = Trial.run(options("--insecure-tls=true", "--heartbeat=1", "--seconds=4"));
		assertThat(result.isExact()).isTrue();
		Phase sustained = result.phases().get(1);
		assertThat(sustained.count("deliveries")).isEqualTo(3 * sustained.count("published")).isGreaterThan(100);
		assertThat(sustained.ends()).isEmpty();
	}

	@Test
	void aCertificateThatIsNotTrustedIsNamed() {
		assertThatExceptionOfType(DeploymentException.class).isThrownBy(() -> Trial.run(options("--seconds=1")))
			.withMessageContaining("--insecure-tls");
	}

	private static TrialOptions options(String... more) {
		return TrialOptions.of(Arguments.parse(Stream
			.concat(Stream.of("--url=wss://127.0.0.1:" + deployment.port() + "/realtime", "--connections=3",
					"--rate=20", "--patience=5"), Arrays.stream(more))
			.toList()));
	}

}
