package dev.realtime.spring.pipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is published of a source, and when, in simulated time. */
class TextStreamTests extends TextFixture {

	@Test
	void theFirstMessageSaysAtOnceThatThereIsAText() {
		PipedStream stream = pipe();
		this.time.runDue();
		assertThat(lines()).containsExactly("0:");
		Publication first = this.published.get(0);
		assertThat(first.content().type()).isEqualTo("stream.text");
		assertThat(first.content().contentType()).isEqualTo("text/plain;charset=UTF-8");
		assertThat(first.content().headers()).containsEntry("stream-id", stream.id())
			.containsEntry("stream-offset", "0")
			.containsEntry("stream-timeout", "30000");
		assertThat(first.important()).isTrue();
		assertThat(stream.topic()).isEqualTo("answers");
	}

	@Test
	void piecesThatComeWithinAnIntervalAreOneMessage() {
		pipe();
		this.time.runDue();
		this.source.give("a", "b", "c");
		this.time.advance(Duration.ofMillis(49));
		assertThat(lines()).containsExactly("0:");
		this.time.advance(Duration.ofMillis(1));
		assertThat(lines()).containsExactly("0:", "0:abc");
		this.time.advance(Duration.ofSeconds(1));
		this.source.give("d");
		this.time.runDue();
		assertThat(lines()).containsExactly("0:", "0:abc", "3:d");
	}

	@Test
	void aTextThatEndsIsPublishedToItsEnd() {
		PipedStream stream = pipe();
		this.time.runDue();
		this.source.give("Hello ", "world, hello");
		this.source.complete();
		this.time.runDue();
		assertThat(lines()).containsExactly("0:", "0:Hello worl", "10:d, hello", "18:done");
		assertThat(end(stream)).isEqualTo(new StreamEnd(StreamOutcome.DONE, 18, new Position("E", 4), null));
		assertThat(this.source.cancelled).isZero();
		assertThat(this.streams.active()).isZero();
		assertThat(this.streams.counts().get(StreamOutcome.DONE)).isEqualTo(1);
		this.time.advance(Duration.ofHours(1));
		assertThat(this.published).hasSize(4);
	}

	@Test
	void aSourceThatFailsEndsTheTextWithAReferenceAndWithoutItsReason() {
		PipedStream stream = pipe();
		this.source.give("a");
		this.source.fail(new AssertionError("the secret"));
		this.time.runDue();
		StreamEnd end = end(stream);
		assertThat(end.outcome()).isEqualTo(StreamOutcome.FAILED);
		assertThat(end.reference()).matches("[0-9a-f]{8}");
		assertThat(lines()).endsWith("1:failed");
		assertThat(this.published.get(this.published.size() - 1).content().headers())
			.containsEntry("stream-reference", end.reference())
			.noneSatisfy((name, value) -> assertThat(value).contains("secret"));
	}

	@Test
	void rule9_whateverASourceThrowsIsAnOutcome() {
		List<Publisher<String>> sources = List.of((subscriber) -> {
			throw new StackOverflowError("on purpose");
		}, (subscriber) -> subscriber.onSubscribe(new Subscription() {

			@Override
			public void request(long n) {
				throw new LinkageError("on purpose");
			}

			@Override
			public void cancel() {
				throw new LinkageError("on purpose");
			}
		}), (subscriber) -> {
			subscriber.onSubscribe(this.source);
			subscriber.onNext(null);
		});
		for (Publisher<String> each : sources) {
			PipedStream stream = this.streams.pipe("answers", each);
			this.time.runDue();
			assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.FAILED);
		}
		assertThat(this.streams.active()).isZero();
	}

	@Test
	void aStoppedTextSaysSoAndItsSourceIsCancelledOnce() {
		PipedStream stream = pipe();
		this.time.runDue();
		this.source.give("a");
		stream.stop();
		stream.stop();
		this.time.runDue();
		assertThat(lines()).containsExactly("0:", "0:a", "1:stopped");
		assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.STOPPED);
		this.source.give("b");
		this.source.complete();
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.published).hasSize(3);
		assertThat(this.source.cancelled).isEqualTo(1);
	}

	@Test
	void stoppingATopicStopsItsTextsAloneAndAsksTheOtherNodes() {
		PipedStream stream = pipe();
		PipedStream other = this.streams.pipe("others", new ScriptedSource());
		this.time.runDue();
		this.streams.stop("answers");
		this.time.runDue();
		assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.STOPPED);
		assertThat(other.completion().toCompletableFuture()).isNotDone();
		assertThat(this.asked).containsExactly(Topic.of("answers"));
	}

	@Test
	void aSourceThatIsStoppedBeforeItSubscribesIsCancelledWhenItDoes() {
		List<Subscriber<? super String>> late = new ArrayList<>();
		PipedStream stream = this.streams.pipe("answers", (Publisher<String>) late::add);
		stream.stop();
		this.time.runDue();
		assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.STOPPED);
		late.get(0).onSubscribe(this.source);
		this.time.runDue();
		assertThat(this.source.cancelled).isEqualTo(1);
		assertThat(this.source.requested).isZero();
	}

	@Test
	void emptyPiecesDoNotStopTheSource() {
		pipe();
		this.time.runDue();
		this.source.giveAll("");
		this.time.runDue();
		assertThat(this.source.requested).isEqualTo(TextSource.PREFETCH);
		assertThat(this.published).hasSize(1);
	}

	@Test
	void rule8_aSourceThatGivesMoreThanItWasAskedForIsCancelled() {
		PipedStream stream = pipe();
		this.time.runDue();
		this.source.requested = 1_000;
		for (int i = 0; i < TextSource.PREFETCH + 1; i++) {
			this.source.give("");
		}
		this.time.runDue();
		assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.FAILED);
		assertThat(this.source.cancelled).isEqualTo(1);
	}

	@Test
	void rule8_aTextThatIsTooLongIsCutOff() {
		PipedStream stream = pipe();
		this.time.runDue();
		this.source.give("x".repeat(99), "yz", "z");
		this.time.runDue();
		assertThat(end(stream)).extracting(StreamEnd::outcome, StreamEnd::length)
			.containsExactly(StreamOutcome.TOO_LONG, 100);
		assertThat(lines()).endsWith("90:" + "x".repeat(9) + "y", "100:too-long");
		assertThat(this.source.cancelled).isEqualTo(1);
	}

	@Test
	void aTextThatStaysAsItIsSaysThatItStillGrowsAndEndsInTime() {
		PipedStream stream = pipe();
		this.source.give("a");
		this.time.advance(Duration.ofSeconds(35));
		assertThat(lines()).containsExactly("0:", "0:a", "1:", "1:", "1:");
		this.time.advance(Duration.ofMinutes(10));
		assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.TIMED_OUT);
		assertThat(this.source.cancelled).isEqualTo(1);
	}

	@Test
	void rule8_thereAreNoMoreTextsThanAllowedAndARefusedSourceIsNotSubscribed() {
		for (int i = 0; i < 3; i++) {
			this.streams.pipe("answers", new ScriptedSource());
		}
		assertThatThrownBy(this::pipe).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("realtime.pipe.max-streams");
		assertThat(this.source.subscriber).isNull();
		this.streams.stop("answers");
		this.time.runDue();
		pipe();
		assertThat(this.streams.active()).isEqualTo(1);
	}

	@Test
	void illegalTopicsAreRefused() {
		for (String topic : List.of("", "_fleet.pipes", "a\nb")) {
			assertThatThrownBy(() -> this.streams.pipe(topic, this.source))
				.isInstanceOf(IllegalArgumentException.class);
		}
		assertThat(this.streams.active()).isZero();
	}

	@Test
	void piecesFitIntoTheLargestPayload() {
		this.streams = streams(properties(1_000, 5_000, 3), 30);
		pipe();
		this.source.give("\u20AC".repeat(25));
		this.source.complete();
		this.time.runDue();
		assertThat(this.published).allSatisfy((each) -> assertThat(each.content().size()).isLessThanOrEqualTo(30));
		assertThat(lines()).endsWith("25:done");
	}

}
