package dev.realtime.region;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.loop.Loops;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a publication whose home answers, does not, or answers twice. */
class ForwardingTests {

	private static final Publication PUBLICATION = Publication.of(Topic.of("room.a"), Content.text("hello"));

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final List<Letter> asked = new ArrayList<>();

	private final Forwarding forwarding = new Forwarding(new RegionOptions("us", Set.of("eu"), (topic) -> "eu",
			Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofMinutes(5), 100), Fakes.bridge(this.asked),
			this.environment);

	@BeforeEach
	void start() {
		this.forwarding.start(new Loops(this.environment, Loops.STALLED_AFTER).loop("realtime-region"));
	}

	@Test
	void rule7_aHomeThatWasNotHeardOfYetRefusesForCertain() {
		assertThat(failureOf(publish())).satisfies((failure) -> {
			assertThat(failure.isOutcomeUnknown()).isFalse();
			assertThat(failure).hasMessageContaining("not been heard from yet; nothing was published");
		});
		assertThat(this.asked).isEmpty();
	}

	@Test
	void theHomesReceiptIsThatOfThePublisherAndASecondAnswerChangesNothing() {
		this.forwarding.answered(new Letter.Beat("eu"));
		CompletableFuture<PublishReceipt> receipt = publish();
		Letter.Forwarded letter = (Letter.Forwarded) this.asked.get(0);
		Position position = new Position("E", 7);
		this.forwarding.answered(new Letter.Published("another life", letter.number(), position, 1, false, true));
		assertThat(receipt).isNotDone();
		for (int i = 0; i < 2; i++) {
			this.forwarding.answered(new Letter.Published(letter.life(), letter.number(), position, 1, false, true));
		}
		this.forwarding.answered(new Letter.Failed(letter.life(), letter.number(), "late", true));
		assertThat(receipt.join().position()).isEqualTo(position);
		assertThat(this.forwarding.pending()).isZero();
	}

	@Test
	void rule7_withoutAnAnswerTheOutcomeIsUnknownAndThenTheHomeIsLost() {
		this.forwarding.answered(new Letter.Beat("eu"));
		CompletableFuture<PublishReceipt> receipt = publish();
		this.environment.advance(Duration.ofSeconds(4));
		assertThat(failureOf(receipt).isOutcomeUnknown()).isTrue();
		assertThat(failureOf(publish())).satisfies((failure) -> {
			assertThat(failure.isOutcomeUnknown()).isFalse();
			assertThat(failure).hasMessageContaining("has not been heard from for 4 s; nothing was published");
		});
		this.forwarding.answered(new Letter.Beat("eu"));
		assertThat(publish()).isNotDone();
	}

	@Test
	void rule8_publicationsWithoutAnAnswerAreBounded() {
		this.forwarding.answered(new Letter.Beat("eu"));
		List<CompletableFuture<PublishReceipt>> all = Stream.generate(this::publish).limit(150).toList();
		assertThat(all.subList(0, 100)).noneMatch(CompletableFuture::isDone);
		assertThat(all.subList(100, 150)).allMatch((each) -> !failureOf(each).isOutcomeUnknown());
		this.environment.advance(Duration.ofSeconds(4));
		assertThat(this.forwarding.pending()).isZero();
	}

	private CompletableFuture<PublishReceipt> publish() {
		return this.forwarding.publish("eu", 0, PUBLICATION).toCompletableFuture();
	}

	private static PublishException failureOf(CompletableFuture<PublishReceipt> receipt) {
		assertThat(receipt).isCompletedExceptionally();
		return (PublishException) receipt.handle((done, failure) -> failure).join();
	}

}
