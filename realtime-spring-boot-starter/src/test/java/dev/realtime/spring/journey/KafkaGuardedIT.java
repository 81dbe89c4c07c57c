package dev.realtime.spring.journey;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.relay.RelayUnavailableException;
import dev.realtime.spring.testing.Keystores;
import dev.realtime.testing.KafkaServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Kafka that wants TLS and a password, with certificates that the JDK does not know. */
@ExtendWith(OutputCaptureExtension.class)
class KafkaGuardedIT {

	@TempDir
	Path folder;

	private final FleetServers redis = FleetServers.redis();

	@Test
	void rule10_onlyAServerThatIsTrustedAndHasTheNameIsUsedAndOnlyWithTheRightPassword(CapturedOutput output)
			throws Exception {
		KafkaServer.require();
		Path own = Keystores.create(this.folder, "server", "DNS:localhost");
		Path stranger = Keystores.create(this.folder, "stranger", "DNS:elsewhere.example");
		try (KafkaServer kafka = KafkaServer.start(own, stranger)) {
			String address = kafka.securedAddress(own);
			bothNodesHear(properties(address, "secret", own));

			assertThat(refusal(output, properties(address, "wrong-one", own)))
				.isEqualTo("Kafka at " + address + " refuses these credentials");
			assertThat(output).contains("realtime.relay.type=kafka", "spring.kafka");
			assertThat(output.getAll()).doesNotContain("wrong-one");
			assertThat(refusal(output, properties(address, "secret", stranger))).as("not trusted")
				.contains("cannot agree on TLS");
			assertThat(refusal(output, properties(kafka.securedAddress(stranger), "secret", stranger)))
				.as("another name")
				.contains("cannot agree on TLS")
				.contains("localhost");
			assertThat(refusal(output,
					List.of("realtime.relay.type=kafka", "spring.kafka.bootstrap-servers=" + address,
							"logging.level.org.apache.kafka=off", "realtime.relay.kafka.timeout=4s")))
				.contains("cannot be reached with security.protocol=PLAINTEXT");
		}
	}

	private static List<String> properties(String address, String password, Path trusted) throws Exception {
		return List.of("realtime.relay.type=kafka", "spring.kafka.bootstrap-servers=" + address,
				"spring.kafka.security.protocol=SASL_SSL", "spring.kafka.properties.sasl.mechanism=PLAIN",
				"spring.kafka.properties.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule "
						+ "required username=\"ann\" password=\"" + password + "\";",
				"spring.kafka.ssl.trust-store-type=PEM",
				"spring.kafka.ssl.trust-store-location=file:" + Keystores.certificate(trusted),
				"logging.level.org.apache.kafka=off");
	}

	private void bothNodesHear(List<String> properties) {
		try (ConfigurableApplicationContext one = node(properties);
				ConfigurableApplicationContext two = node(properties);
				StompTestClient bob = StompTestClient.connect(ChatNode.port(two), "bob")) {
			bob.subscribe("sub-0", "/topic/room.guarded");
			one.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(Topic.of("room.guarded"), Content.text("hello")));
			assertThat(bob.await("the message", StompFrame::isMessage).body()).isEqualTo("hello");
		}
	}

	/** Why the node does not start, in the words of the log, too. */
	private String refusal(CapturedOutput output, List<String> properties) {
		Throwable failure = catchThrowable(() -> node(properties).close());
		while (failure != null && !(failure instanceof RelayUnavailableException)) {
			failure = failure.getCause();
		}
		String sentence = Objects.requireNonNull(Objects.requireNonNull(failure).getMessage());
		assertThat(output).contains("APPLICATION FAILED TO START").contains(sentence);
		return sentence;
	}

	/** Patient: the first handshakes of a server that has just started are slow. */
	private ConfigurableApplicationContext node(List<String> properties) {
		List<String> all = new ArrayList<>();
		all.add("realtime.relay.kafka.timeout=20s");
		all.add("realtime.repair.check-interval=10m");
		all.addAll(properties);
		return ChatNode.start(1, this.redis.with(all.toArray(String[]::new)));
	}

}
