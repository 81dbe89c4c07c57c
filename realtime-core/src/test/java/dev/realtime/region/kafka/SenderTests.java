package dev.realtime.region.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.region.BridgeException;
import dev.realtime.relay.kafka.KafkaRelayOptions;
import dev.realtime.testing.VirtualEnvironment;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A client of Kafka that fails, and one that says nothing. */
class SenderTests {

	private static final long MOST_BYTES = 10_000;

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final KafkaRelayOptions options = new KafkaRelayOptions("localhost:9092", Map.of(), "rt",
			new Partitions(Partitions.DEFAULT_COUNT), 1, Duration.ofMinutes(1), Duration.ofSeconds(1), MOST_BYTES);

	private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();

	private @Nullable Throwable thrown;

	private @Nullable RuntimeException failure;

	private boolean silent;

	private final Sender sender = new Sender(new Loops(this.environment, Loops.STALLED_AFTER).loop("realtime-bridge"),
			this.options, this::producer);

	static Stream<RuntimeException> fatal() {
		return Stream.of(new ProducerFencedException("simulated"), new OutOfOrderSequenceException("simulated"),
				new SaslAuthenticationException("simulated"), new ClusterAuthorizationException("simulated"),
				new KafkaException("Cannot execute transactional method because we are in an error state"));
	}

	@ParameterizedTest
	@MethodSource("fatal")
	void rule7_aProducerThatWillNotRecoverIsReplaced(RuntimeException fatal) {
		this.sender.open();
		this.failure = fatal;
		assertThat(failureOf(send())).isInstanceOfSatisfying(BridgeException.class,
				(failed) -> assertThat(failed.isMaybeSent()).isTrue());
		this.failure = null;
		assertThat(failureOf(send())).hasMessageContaining("not connected");
		this.environment.advance(Duration.ofSeconds(2));
		assertThat(send()).isCompleted();
		assertThat(this.producers).hasSize(2);
		assertThat(this.producers.get(0).closed()).isTrue();
	}

	@Test
	void aProducerThatIsSlowOrFindsALetterTooLargeIsKept() {
		this.sender.open();
		for (RuntimeException each : List.of(new TimeoutException("simulated"), new RecordTooLargeException("large"))) {
			this.failure = each;
			assertThat(send()).isCompletedExceptionally();
		}
		assertThat(failureOf(send())).hasMessageContaining("max.message.bytes");
		this.failure = null;
		this.environment.advance(Duration.ofSeconds(2));
		assertThat(send()).isCompleted();
		assertThat(this.producers).hasSize(1);
	}

	@Test
	void rule9_aClientThatSaysNothingAnyMoreIsReplacedAndItsLettersKeepNoPlace() {
		this.sender.open();
		this.silent = true;
		List<CompletableFuture<Void>> lost = Stream.generate(this::send).limit(10).toList();
		assertThat(lost).noneMatch(CompletableFuture::isDone);
		this.environment.advance(Duration.ofSeconds(12));
		assertThat(lost).allMatch(CompletableFuture::isCompletedExceptionally);
		this.silent = false;
		assertThat(Stream.generate(this::send).limit(100).toList())
			.allMatch((each) -> each.isDone() && !each.isCompletedExceptionally());
	}

	@Test
	void rule9_anErrorOfTheClientFailsThatLetter() {
		this.sender.open();
		this.thrown = new NoClassDefFoundError("simulated");
		assertThat(send()).isCompletedExceptionally();
		this.thrown = null;
		this.environment.advance(Duration.ofSeconds(2));
		assertThat(send()).isCompleted();
	}

	@Test
	void rule8_lettersBeyondTheBoundAreRefusedForCertain() {
		this.sender.open();
		this.silent = true;
		List<CompletableFuture<Void>> all = Stream.generate(this::send).limit(100).toList();
		assertThat(all.stream().filter((each) -> !each.isDone()).count() * 512).isBetween(1L, MOST_BYTES);
		assertThat(failureOf(all.get(99))).isInstanceOfSatisfying(BridgeException.class,
				(failed) -> assertThat(failed.isMaybeSent()).isFalse());
		this.sender.close(Duration.ZERO);
		assertThat(all).allMatch(CompletableFuture::isCompletedExceptionally);
	}

	private CompletableFuture<Void> send() {
		CompletableFuture<Void> stage = this.sender.send("rt.eu", 0, new byte[10]).toCompletableFuture();
		this.environment.runDue();
		return stage;
	}

	private static Throwable failureOf(CompletableFuture<Void> stage) {
		assertThat(stage).isCompletedExceptionally();
		Throwable failure = stage.handle((done, why) -> why).join();
		return (failure.getCause() instanceof BridgeException cause) ? cause : failure;
	}

	private MockProducer<byte[], byte[]> producer() {
		MockProducer<byte[], byte[]> made = new MockProducer<>(true, null, new ByteArraySerializer(),
				new ByteArraySerializer()) {

			@Override
			public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> letter, Callback callback) {
				if (SenderTests.this.thrown instanceof Error error) {
					throw error;
				}
				if (SenderTests.this.silent) {
					return new CompletableFuture<>();
				}
				if (SenderTests.this.failure != null) {
					callback.onCompletion(null, SenderTests.this.failure);
					return CompletableFuture.failedFuture(SenderTests.this.failure);
				}
				return super.send(letter, callback);
			}

		};
		this.producers.add(made);
		return made;
	}

}
