package dev.realtime.region.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.codec.MessageCodec;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.region.Bridge;
import dev.realtime.region.BridgeException;
import dev.realtime.relay.kafka.KafkaRelayOptions;
import dev.realtime.testing.KafkaServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Two bridges and a Kafka. */
class KafkaBridgeIT {

	private static final int LARGEST = 16 << 20;

	private final KafkaServer kafka = KafkaServer.shared();

	@Test
	void aLetterWithTheLargestMessageOfAllPasses() {
		Received received = new Received();
		try (KafkaBridge eu = bridge("eu", "us", LARGEST); KafkaBridge us = bridge("us", "eu", LARGEST)) {
			eu.start(new Received(), true);
			us.start(received, true);
			await().until(() -> eu.shares() == 2 && us.copying("eu").size() == 2);
			byte[] letter = new byte[MessageCodec.MAX_BLOB + (300 << 10)];
			letter[letter.length - 1] = 7;
			eu.tell(0, letter).toCompletableFuture().join();
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(received.told).singleElement().isEqualTo(letter));
		}
	}

	@Test
	void aKafkaTopicThatTakesNoMessageOfTheAllowedSizeIsRefusedWithTheValueToSet() throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.kafka.address()))) {
			admin.createTopics(List.of(new NewTopic("small.eu", Optional.of(1), Optional.empty())
				.configs(Map.of("max.message.bytes", "1000000")))).all().get();
			BridgeTopics topics = new BridgeTopics(options("small"), 2_000_000, Environment.system());
			assertThatThrownBy(() -> topics.ensure(admin, "eu")).isInstanceOf(BridgeException.class)
				.hasMessage(
						"max.message.bytes of the Kafka topic \"small.eu\" is 1000000, and the largest message that "
								+ "may be published (realtime.publish.max-payload) needs 2000000; raise "
								+ "max.message.bytes");
			assertThat(new BridgeTopics(options("small"), 1_000_000, Environment.system()).ensure(admin, "eu")).isOne();
		}
	}

	@Test
	void rule8_aBoundThatHoldsNoMessageOfTheAllowedSizeIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new KafkaBridge("eu", Set.of("us"), options("small"), LARGEST, new Loops()))
			.withMessageContaining("or more");
	}

	private KafkaBridge bridge(String own, String other, long largest) {
		return new KafkaBridge(own, Set.of(other), options("bridge"), largest, new Loops());
	}

	private KafkaRelayOptions options(String prefix) {
		return new KafkaRelayOptions(this.kafka.address(), Map.of(), prefix, new Partitions(2), 1,
				Duration.ofMinutes(10), Duration.ofSeconds(5), (prefix.equals("bridge") ? 64 : 1) << 20);
	}

	private static final class Received implements Bridge.Receiver {

		final List<byte[]> told = Collections.synchronizedList(new ArrayList<>());

		@Override
		public CompletionStage<Void> told(String home, List<byte[]> letters) {
			this.told.addAll(letters);
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public CompletionStage<Void> asked(int share, List<byte[]> letters) {
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public void answered(byte[] letter) {
			// not looked at
		}

		@Override
		public void copies(String home, int share) {
			// nothing to compare
		}

	}

}
