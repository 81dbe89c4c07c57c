package dev.realtime.spring.publisher;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.realtime.Content;
import dev.realtime.IllegalTopicException;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.spring.testing.RecordingPublisher;
import dev.realtime.testing.Sneaky;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.messaging.converter.StringMessageConverter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GuardedPublisherTests {

	private final RecordingPublisher published = new RecordingPublisher();

	private final GuardedPublisher publisher = new GuardedPublisher(this.published, 5, 2, Duration.ZERO,
			Duration.ofMillis(20), null);

	@Test
	void refusesAPayloadOverTheLimit() {
		assertThat(this.publisher.publishAndWait(publication("room", "12345")).position().seq()).isEqualTo(1);
		assertThatIllegalArgumentException().isThrownBy(() -> this.publisher.publish(publication("room", "123456")))
			.withMessage("The payload for \"room\" has 6 bytes, but realtime.publish.max-payload allows 5");
	}

	@Test
	void letsTheEngineAloneUseItsTopics() {
		ApplicationPublisher application = new ApplicationPublisher(this.publisher,
				() -> new PayloadConverter(StringMessageConverter::new));
		assertThatExceptionOfType(IllegalTopicException.class)
			.isThrownBy(() -> application.publish(publication("_presence.room", "x")));
		assertThatExceptionOfType(IllegalTopicException.class)
			.isThrownBy(() -> application.publishAndWait(publication("_presence.room", "x")));
		assertThatIllegalArgumentException().isThrownBy(() -> application.publish(publication("room", "123456")));
		assertThat(application.publishAndWait(publication("room", "x")).position().seq()).isEqualTo(1);
		assertThat(this.publisher.publishAndWait(publication("_presence.room", "x")).position().seq()).isEqualTo(2);
	}

	@Test
	void refusesMoreThanMayBeUnderWay() {
		this.published.fallSilent();
		assertThat(this.publisher.publish(publication("room", "1")).toCompletableFuture()).isNotDone();
		assertThat(this.publisher.publish(publication("room", "2")).toCompletableFuture()).isNotDone();
		assertThat(this.publisher.publish(publication("room", "3"))).failsWithin(1, TimeUnit.SECONDS)
			.withThrowableOfType(ExecutionException.class)
			.withMessageContaining("2 publications wait for their receipt");
		assertThat(this.publisher.inFlight()).isEqualTo(2);
		assertThat(this.published.published()).hasSize(2);
	}

	@ParameterizedTest
	@MethodSource("thrown")
	void rule9_whateverIsThrownLeavesItsRoom(Throwable thrown) {
		GuardedPublisher guarded = new GuardedPublisher((publication) -> {
			throw Sneaky.sneak(thrown);
		}, 5, 2, Duration.ZERO, Duration.ofMillis(20), null);
		for (int i = 0; i < 5; i++) {
			assertThatThrownBy(() -> guarded.publish(publication("room", "1"))).isSameAs(thrown);
		}
		assertThat(guarded.inFlight()).isZero();
	}

	private static List<Throwable> thrown() {
		return List.of(new IllegalStateException("on purpose"), new NoClassDefFoundError("on purpose"),
				new IOException("on purpose"));
	}

	@Test
	void waitsForRoomWhereThatWasChosen() {
		CompletableFuture<PublishReceipt> first = new CompletableFuture<>();
		Queue<CompletableFuture<PublishReceipt>> answers = new ArrayDeque<>(
				List.of(first, CompletableFuture.completedFuture(null)));
		GuardedPublisher patient = new GuardedPublisher((publication) -> answers.remove(), 5, 1, Duration.ofSeconds(10),
				Duration.ofSeconds(10), null);
		patient.publish(publication("room", "1"));
		CompletableFuture<?> second = CompletableFuture.runAsync(() -> patient.publish(publication("room", "2")));
		assertThat(second).isNotDone();
		assertThat(answers).hasSize(1);

		first.complete(null);

		assertThat(second).succeedsWithin(5, TimeUnit.SECONDS);
		assertThat(patient.inFlight()).isZero();
	}

	@Test
	void countsOnlyWhatIsUnderWay() {
		for (int i = 0; i < 10; i++) {
			this.publisher.publishAndWait(publication("room", "x"));
		}
		this.published.failWith(new IllegalStateException("away"));
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> this.publisher.publishAndWait(publication("room", "x")))
				.withMessageContaining("away");
		}
		assertThat(this.publisher.inFlight()).isZero();
	}

	@Test
	void waitsAsLongAsConfigured() {
		this.published.fallSilent();
		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> this.publisher.publishAndWait(publication("room", "x")))
			.withMessageContaining("no receipt within 20 ms (realtime.publish.wait)")
			.matches(PublishException::isOutcomeUnknown);
	}

	private static Publication publication(String topic, String text) {
		return Publication.of(Topic.of(topic), Content.text(text));
	}

}
