package dev.realtime.spring.journey;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.relay.RelayUnavailableException;
import dev.realtime.spring.testing.Keystores;
import dev.realtime.testing.NatsServer;
import dev.realtime.testing.Ports;
import dev.realtime.testing.RabbitServer;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Engines that want credentials and TLS, with certificates that the JDK does not know.
 */
@ExtendWith(OutputCaptureExtension.class)
class GuardedEnginesIT {

	@TempDir
	Path folder;

	private final RedisServer redis = RedisServer.startProcess();

	/** The certificate of the server, and one for another name. */
	private Path server = Path.of("");

	private Path stranger = Path.of("");

	@BeforeEach
	void createCertificates() throws Exception {
		this.server = Keystores.create(this.folder, "server", "DNS:localhost");
		this.stranger = Keystores.create(this.folder, "stranger", "DNS:elsewhere.example");
	}

	@AfterEach
	void stop() {
		this.redis.close();
	}

	@Test
	void natsWithUsersAndTls(CapturedOutput output) throws Exception {
		try (NatsServer nats = nats(this.server)) {
			List<String> encrypted = List.of("realtime.relay.type=nats", "realtime.relay.nats.ssl-bundle=fleet",
					"realtime.relay.nats.servers=tls://localhost:" + nats.port(), trusting(this.server));
			String[] right = with(encrypted, "realtime.relay.nats.username=ann", "realtime.relay.nats.password=right");
			bothNodesHear(right, right);

			assertThat(refusal(output,
					with(encrypted, "realtime.relay.nats.username=ann", "realtime.relay.nats.password=wrong")))
				.isEqualTo("NATS at tls://localhost:" + nats.port() + " refuses these credentials");
			assertThat(output).contains("realtime.relay.type=nats", "realtime.relay.nats.username");
			assertThat(output.getAll()).doesNotContain("wrong");
			assertThat(refusal(output, with(encrypted))).endsWith("refuses these credentials");
			assertThat(refusal(output, with(encrypted, trusting(this.stranger)))).contains("is not trusted");
			assertThat(refusal(output, "realtime.relay.type=nats",
					"realtime.relay.nats.servers=nats://localhost:" + nats.port()))
				.contains("requires TLS");
		}
	}

	@Test
	void rule10_aCertificateOfNatsForAnotherNameIsNotTrusted(CapturedOutput output) throws Exception {
		try (NatsServer nats = nats(this.stranger)) {
			assertThat(refusal(output, "realtime.relay.type=nats", "realtime.relay.nats.ssl-bundle=fleet",
					"realtime.relay.nats.servers=tls://localhost:" + nats.port(), trusting(this.stranger),
					"realtime.relay.nats.username=ann", "realtime.relay.nats.password=right"))
				.contains("is not trusted");
		}
	}

	/** With the permissions that docs/fleet.md asks for, and no others. */
	@Test
	void rabbitmqWithUsersPermissionsAndTls(CapturedOutput output) throws Exception {
		int port = Ports.reserve();
		try (RabbitServer rabbit = rabbit(port, this.server)) {
			assertThat(rabbit.port()).isNotEqualTo(port);
			String address = "@localhost:" + port;
			List<String> encrypted = List.of("realtime.relay.type=rabbit", "realtime.relay.rabbit.ssl-bundle=fleet",
					trusting(this.server));
			bothNodesHear(with(encrypted, "realtime.relay.rabbit.uri=amqps://ann:right" + address),
					new String[] { "realtime.relay.type=rabbit", "spring.rabbitmq.ssl.bundle=fleet",
							trusting(this.server), "spring.rabbitmq.host=localhost", "spring.rabbitmq.port=" + port,
							"spring.rabbitmq.username=ann", "spring.rabbitmq.password=right" });

			assertThat(refusal(output, with(encrypted, "realtime.relay.rabbit.uri=amqps://ann:wrong" + address)))
				.isEqualTo("RabbitMQ at amqps://localhost:" + port + " refuses these credentials");
			assertThat(output).contains("realtime.relay.type=rabbit", "realtime.relay.rabbit.uri");
			assertThat(output.getAll()).doesNotContain("wrong");
			assertThat(refusal(output,
					with(encrypted, "realtime.relay.rabbit.uri=amqps://ann:right" + address, trusting(this.stranger))))
				.contains("is not trusted");
		}
	}

	@Test
	void rule10_aCertificateOfRabbitmqForAnotherNameIsNotTrusted(CapturedOutput output) throws Exception {
		int port = Ports.reserve();
		try (RabbitServer rabbit = rabbit(port, this.stranger)) {
			assertThat(rabbit.port()).isNotEqualTo(port);
			assertThat(refusal(output, "realtime.relay.type=rabbit", "realtime.relay.rabbit.ssl-bundle=fleet",
					trusting(this.stranger), "realtime.relay.rabbit.uri=amqps://ann:right@localhost:" + port))
				.contains("is not trusted");
		}
	}

	private NatsServer nats(Path store) throws Exception {
		Path config = Files.writeString(this.folder.resolve("nats.conf"), """
				authorization {
				  users = [ { user: ann, password: right, permissions: { publish: "rt.t.>", subscribe: "rt.t.>" } } ]
				}
				tls {
				  cert_file: "%s"
				  key_file: "%s"
				}
				""".formatted(Keystores.certificate(store), Keystores.key(store)));
		return NatsServer.start("-c", config.toString());
	}

	private RabbitServer rabbit(int port, Path store) throws Exception {
		Path definitions = Files.writeString(this.folder.resolve("definitions.json"), """
				{ "vhosts": [ { "name": "/" } ],
				  "users": [ { "name": "ann", "password": "right", "tags": "" } ],
				  "permissions": [ { "user": "ann", "vhost": "/",
				    "configure": "^(rt\\\\.relay|amq\\\\.gen-.*)$",
				    "write": "^(rt\\\\.relay|amq\\\\.gen-.*|amq\\\\.default)$",
				    "read": "^(rt\\\\.relay|amq\\\\.gen-.*)$" } ] }
				""");
		return RabbitServer.start("listeners.ssl.local = 127.0.0.1:" + port,
				"ssl_options.certfile = " + Keystores.certificate(store),
				"ssl_options.keyfile = " + Keystores.key(store),
				"ssl_options.cacertfile = " + Keystores.certificate(store), "ssl_options.verify = verify_none",
				"load_definitions = " + definitions);
	}

	private static String trusting(Path store) {
		try {
			return "spring.ssl.bundle.pem.fleet.truststore.certificate=file:" + Keystores.certificate(store);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void bothNodesHear(String[] first, String[] second) {
		try (ConfigurableApplicationContext one = node(first);
				ConfigurableApplicationContext two = node(second);
				StompTestClient bob = StompTestClient.connect(ChatNode.port(two), "bob")) {
			bob.subscribe("sub-0", "/topic/room.guarded");
			one.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(Topic.of("room.guarded"), Content.text("secret")));
			assertThat(bob.await("the message", StompFrame::isMessage).body()).isEqualTo("secret");
		}
	}

	private ConfigurableApplicationContext node(String... properties) {
		return ChatNode.start(this.redis.port(), with(List.of(properties), "realtime.repair.check-interval=10m"));
	}

	/** Why the node does not start, in the words of the log, too. */
	private String refusal(CapturedOutput output, String... properties) {
		Throwable failure = catchThrowable(() -> node(properties).close());
		while (failure != null && !(failure instanceof RelayUnavailableException)) {
			failure = failure.getCause();
		}
		String sentence = Objects.requireNonNull(Objects.requireNonNull(failure).getMessage());
		assertThat(output).contains("APPLICATION FAILED TO START").contains(sentence);
		assertThat(sentence.toLowerCase(Locale.ROOT)).doesNotContain("exception");
		return sentence;
	}

	private static String[] with(List<String> properties, String... more) {
		return Stream.concat(properties.stream(), Stream.of(more)).toArray(String[]::new);
	}

}
