package dev.realtime.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Kafka in a JVM of its own, broker and controller in one, from the class path of the
 * tests: the execution {@code with-kafka} of the integration tests has it there. Tests
 * without it are left out, and say so; in that execution they fail.
 *
 * <p>
 * One listener for everyone, one that is reached through {@link #proxy} alone, and one
 * with passwords: {@code ann} and {@code bob}, each with {@code secret}. Everyone may do
 * what no ACL forbids.
 */
public final class KafkaServer implements AutoCloseable {

	static final String REQUIRED = "kafka.required";

	private final int port;

	private final int proxiedPort = Ports.reserve();

	private final int passwordPort = Ports.reserve();

	private final int controllerPort = Ports.reserve();

	private final Path folder = Programs.databaseFolder("kafka-test");

	private final TcpProxy proxy = new TcpProxy(this.proxiedPort);

	private @Nullable Process process;

	private KafkaServer(int port) {
		this.port = port;
	}

	/** One for all tests that do not stop it; it goes with the JVM. */
	public static KafkaServer shared() {
		require();
		return Shared.SERVER;
	}

	/** Starts one and waits until it answers. */
	public static KafkaServer start() {
		require();
		return Ports.startOnOne((port) -> {
			KafkaServer server = new KafkaServer(port);
			server.restart();
			return server;
		});
	}

	/** The test ends here where Kafka is not on the class path. */
	public static void require() {
		if (!System.getProperty("java.class.path").contains("kafka_2.13")) {
			String reason = "Kafka's server is not on the class path; the execution with-kafka of the integration tests has it";
			if (Boolean.getBoolean(REQUIRED)) {
				throw new IllegalStateException(reason);
			}
			Assumptions.abort(reason);
		}
	}

	/** Its address. */
	public String address() {
		return "127.0.0.1:" + this.port;
	}

	/** Its address behind the proxy. */
	public String proxiedAddress() {
		return "127.0.0.1:" + this.proxy.port();
	}

	/** Its address for users with a password (SASL_PLAINTEXT, PLAIN). */
	public String passwordAddress() {
		return "127.0.0.1:" + this.passwordPort;
	}

	/** What stands between it and those who use {@link #proxiedAddress}. */
	public TcpProxy proxy() {
		return this.proxy;
	}

	/** Lets connections through the proxy again. */
	public void heal() {
		this.proxy.switchTo(this.proxiedPort);
	}

	/** Kills it. */
	public void stop() {
		Process running = this.process;
		if (running != null) {
			Programs.end(running);
			this.process = null;
		}
	}

	/** Starts it again, with what it has kept. */
	public void restart() {
		try {
			this.process = Programs.launch("Kafka",
					Programs.process(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
							"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath(),
							"kafka.Kafka", configuration().toString())),
					this.folder.resolve("out.log"), (started) -> answers());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		stop();
		this.proxy.close();
	}

	private Path configuration() throws IOException {
		Path data = Files.createDirectories(this.folder.resolve("data"));
		Files.writeString(data.resolve("meta.properties"), """
				version=1
				cluster.id=AAAAAAAAQACAAAAAAAAAAA
				node.id=1
				directory.id=AAAAAAAAQACAAAAAAAAAAQ
				""");
		return Files.writeString(this.folder.resolve("server.properties"),
				"""
						process.roles=broker,controller
						node.id=1
						controller.quorum.voters=1@127.0.0.1:%4$d
						controller.listener.names=CONTROLLER
						inter.broker.listener.name=DIRECT
						listeners=DIRECT://127.0.0.1:%1$d,PROXIED://127.0.0.1:%2$d,PASSWORD://127.0.0.1:%3$d,CONTROLLER://127.0.0.1:%4$d
						advertised.listeners=DIRECT://127.0.0.1:%1$d,PROXIED://127.0.0.1:%5$d,PASSWORD://127.0.0.1:%3$d
						listener.security.protocol.map=DIRECT:PLAINTEXT,PROXIED:PLAINTEXT,PASSWORD:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
						sasl.enabled.mechanisms=PLAIN
						listener.name.password.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule \
						required user_ann="secret" user_bob="secret";
						authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
						super.users=User:ANONYMOUS
						allow.everyone.if.no.acl.found=true
						offsets.topic.replication.factor=1
						auto.create.topics.enable=false
						log.dirs=%6$s
						"""
					.formatted(this.port, this.proxiedPort, this.passwordPort, this.controllerPort, this.proxy.port(),
							data));
	}

	/**
	 * The class path of the server: what the execution adds stands last, and must win
	 * over what the tests have.
	 */
	public static String classPath() {
		List<String> entries = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1));
		Collections.reverse(entries);
		return String.join(File.pathSeparator, entries.stream().filter((each) -> each.endsWith(".jar")).toList());
	}

	private boolean answers() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.passwordPort)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static final class Shared {

		private static final KafkaServer SERVER = KafkaServer.start();

	}

}
