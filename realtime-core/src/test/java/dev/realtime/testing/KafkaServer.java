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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

	private static final String USERS = "org.apache.kafka.common.security.plain.PlainLoginModule required "
			+ "user_ann=\"secret\" user_bob=\"secret\";";

	private static final String KEYSTORE_PASSWORD = "changeit";

	/** Ends the id of a folder by the number of its server. */
	private static final List<String> DIGITS = List.of("A", "Q", "g", "w");

	private final int port;

	private final int proxiedPort = Ports.reserve();

	private final int passwordPort = Ports.reserve();

	private final int controllerPort;

	/** Its number among the servers of its cluster, from 1. */
	private final int id;

	/** Where the controllers of its cluster listen, its own included. */
	private final List<Integer> controllers;

	/** Of its listeners with TLS and passwords, each with a port of its own. */
	private final Map<Path, Integer> keystores = new LinkedHashMap<>();

	private final Path folder = Programs.databaseFolder("kafka-test");

	private final TcpProxy proxy = new TcpProxy(this.proxiedPort);

	private @Nullable Process process;

	private KafkaServer(int port, int id, List<Integer> controllers, Path... keystores) {
		this.port = port;
		this.id = id;
		this.controllers = controllers;
		this.controllerPort = controllers.get(id - 1);
		for (Path keystore : keystores) {
			this.keystores.put(keystore, Ports.reserve());
		}
	}

	/** One for all tests that do not stop it; it goes with the JVM. */
	public static KafkaServer shared() {
		require();
		return Shared.SERVER;
	}

	/**
	 * Starts one and waits until it answers.
	 * @param keystores PKCS12 with {@value #KEYSTORE_PASSWORD}: a listener with TLS for
	 * each
	 */
	public static KafkaServer start(Path... keystores) {
		require();
		return Ports.startOnOne((port) -> {
			KafkaServer server = new KafkaServer(port, 1, List.of(Ports.reserve()), keystores);
			server.restart();
			return server;
		});
	}

	/**
	 * Starts some that are one cluster, each broker and controller. Topics have a replica
	 * on each, and two must be in step.
	 */
	public static List<KafkaServer> cluster(int count) {
		require();
		List<Integer> controllers = IntStream.range(0, count).mapToObj((i) -> Ports.reserve()).toList();
		List<KafkaServer> servers = IntStream.rangeClosed(1, count)
			.mapToObj((id) -> new KafkaServer(Ports.reserve(), id, controllers))
			.toList();
		// None answers before most are there.
		servers.stream()
			.map((server) -> CompletableFuture.runAsync(server::restart, (task) -> new Thread(task).start()))
			.toList()
			.forEach(CompletableFuture::join);
		return servers;
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

	/** Its address with TLS (SASL_SSL, PLAIN) and the key of this keystore. */
	public String securedAddress(Path keystore) {
		return "localhost:" + this.keystores.get(keystore);
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
							"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
							"-Dlogback.configurationFile=" + logging(), "-cp", classPath(), "kafka.Kafka",
							configuration().toString())),
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

	/** What goes wrong is in its output: a port that is in use, for example. */
	private Path logging() throws IOException {
		return Files.writeString(this.folder.resolve("logback.xml"), """
				<configuration>
					<appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
						<encoder><pattern>%d %-5level %logger{20} %msg%n%ex{5}</pattern></encoder>
					</appender>
					<root level="ERROR"><appender-ref ref="OUT"/></root>
				</configuration>
				""");
	}

	private Path configuration() throws IOException {
		Path data = Files.createDirectories(this.folder.resolve("data"));
		Files.writeString(data.resolve("meta.properties"), """
				version=1
				cluster.id=AAAAAAAAQACAAAAAAAAAAA
				node.id=%d
				directory.id=AAAAAAAAQACAAAAAAAAAA%s
				""".formatted(this.id, DIGITS.get(this.id)));
		String voters = IntStream.rangeClosed(1, this.controllers.size())
			.mapToObj((id) -> id + "@127.0.0.1:" + this.controllers.get(id - 1))
			.collect(Collectors.joining(","));
		StringBuilder listeners = new StringBuilder();
		StringBuilder protocols = new StringBuilder();
		StringBuilder stores = new StringBuilder();
		this.keystores.forEach((keystore, secured) -> {
			String name = "TLS" + secured;
			listeners.append(",%s://localhost:%d".formatted(name, secured));
			protocols.append(",%s:SASL_SSL".formatted(name));
			stores.append("""
					listener.name.%1$s.ssl.keystore.location=%2$s
					listener.name.%1$s.ssl.keystore.type=PKCS12
					listener.name.%1$s.ssl.keystore.password=%3$s
					listener.name.%1$s.ssl.key.password=%3$s
					listener.name.%1$s.plain.sasl.jaas.config=%4$s
					""".formatted(name.toLowerCase(Locale.ROOT), keystore, KEYSTORE_PASSWORD, USERS));
		});
		return Files.writeString(this.folder.resolve("server.properties"),
				"""
						process.roles=broker,controller
						node.id=%7$d
						controller.quorum.voters=%8$s
						controller.listener.names=CONTROLLER
						inter.broker.listener.name=DIRECT
						listeners=DIRECT://127.0.0.1:%1$d,PROXIED://127.0.0.1:%2$d,PASSWORD://127.0.0.1:%3$d,CONTROLLER://127.0.0.1:%4$d%9$s
						advertised.listeners=DIRECT://127.0.0.1:%1$d,PROXIED://127.0.0.1:%5$d,PASSWORD://127.0.0.1:%3$d%9$s
						listener.security.protocol.map=DIRECT:PLAINTEXT,PROXIED:PLAINTEXT,PASSWORD:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT%10$s
						sasl.enabled.mechanisms=PLAIN
						listener.name.password.plain.sasl.jaas.config=%11$s
						%12$sauthorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
						super.users=User:ANONYMOUS
						allow.everyone.if.no.acl.found=true
						offsets.topic.replication.factor=1
						offsets.topic.num.partitions=4
						group.initial.rebalance.delay.ms=0
						default.replication.factor=%13$d
						min.insync.replicas=%14$d
						auto.create.topics.enable=false
						log.dirs=%6$s
						"""
					.formatted(this.port, this.proxiedPort, this.passwordPort, this.controllerPort, this.proxy.port(),
							data, this.id, voters, listeners, protocols, USERS, stores, this.controllers.size(),
							Math.min(2, this.controllers.size())));
	}

	/**
	 * The class path of the server: what the execution adds stands last, and must win
	 * over what the tests have.
	 */
	public static String classPath() {
		List<String> entries = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1));
		Collections.reverse(entries);
		return String.join(File.pathSeparator, entries.stream()
			// the other one on the class path finds no logging
			.filter((each) -> each.endsWith(".jar") && !each.contains("slf4j-api-1."))
			.toList());
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
