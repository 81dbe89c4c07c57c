package dev.realtime.relay.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import dev.realtime.Topic;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.testing.VirtualEnvironment;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A client of Kafka that throws errors. */
class AnnouncementFaultTests {

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private boolean failing = true;

	@Test
	void rule9_anErrorOfTheClientFailsThatAnnouncementAndKeepsNoPlace() {
		KafkaRelayOptions options = new KafkaRelayOptions("localhost:9092", Map.of(), "topic",
				new Partitions(Partitions.DEFAULT_COUNT), 1, Duration.ofMinutes(1), Duration.ofSeconds(1), 1_000);
		Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);
		Announcements announcements = new Announcements(producer(), options, loops.loop("announcer"));
		for (int i = 0; i < 100; i++) {
			CompletableFuture<Void> stage = publish(announcements);
			this.environment.runDue();
			assertThat(stage).isCompletedExceptionally();
		}
		this.failing = false;
		CompletableFuture<Void> next = publish(announcements);
		this.environment.runDue();
		assertThat(next).isCompletedWithValue(null);
		announcements.close(Duration.ZERO);
	}

	private static CompletableFuture<Void> publish(Announcements announcements) {
		return announcements.publish(Topic.of("a"), new byte[100]).toCompletableFuture();
	}

	private MockProducer<byte[], byte[]> producer() {
		return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
			@Override
			public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback callback) {
				if (AnnouncementFaultTests.this.failing) {
					throw new NoClassDefFoundError("simulated");
				}
				return super.send(message, callback);
			}
		};
	}

}
