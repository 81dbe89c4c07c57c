package dev.realtime.spring.pipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.spring.PipeProperties;
import dev.realtime.testing.VirtualEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is published of a source, and when, in simulated time. */
class TextStreamTests {

	private final VirtualEnvironment time = new VirtualEnvironment(7);

	private final Loops loops = new Loops(this.time, Duration.ofSeconds(30));

	private final List<Publication> published = new ArrayList<>();

	private final List<Topic> asked = new ArrayList<>();

	private Supplier<CompletionStage<PublishReceipt>> answer = this::stored;

	private final Source source = new Source();

	private RealtimeStreams streams = streams(properties(8_192, 100, 3), 30);

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
		PipedStream other = this.streams.pipe("others", new Source());
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
	void rule5_aSlowPublisherHoldsTheSourceBack() {
		this.streams = streams(properties(8_192, 1_000, 3), 30);
		List<CompletableFuture<PublishReceipt>> waiting = new ArrayList<>();
		this.answer = () -> {
			waiting.add(new CompletableFuture<>());
			return waiting.get(waiting.size() - 1);
		};
		pipe();
		this.time.runDue();
		assertThat(this.source.requested).isEqualTo(TextSource.PREFETCH);
		this.source.giveAll("x");
		this.time.advance(Duration.ofSeconds(4));
		assertThat(this.published).hasSize(1);
		assertThat(this.source.requested).isZero();
		waiting.get(0).complete(receipt());
		this.answer = this::stored;
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.source.requested).isEqualTo(TextSource.PREFETCH);
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
	void aMessageThatCannotBePublishedIsTriedAgainWithTheSameId() {
		PipedStream stream = pipe();
		this.time.runDue();
		this.answer = () -> CompletableFuture
			.failedFuture(PublishException.unknown(Topic.of("answers"), "on purpose", null));
		this.source.give("a");
		this.time.advance(Duration.ofSeconds(2));
		this.source.give("b");
		this.answer = this::stored;
		this.time.advance(Duration.ofSeconds(3));
		this.source.complete();
		this.time.runDue();
		assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.DONE);
		List<Publication> tries = this.published.stream().filter((each) -> each.content().text().equals("a")).toList();
		assertThat(tries).hasSizeGreaterThan(2);
		assertThat(tries).extracting(Publication::id).containsOnly(stream.id() + ".2");
		assertThat(lines()).endsWith("0:a", "1:b", "2:done");
	}

	@Test
	void aMessageWithoutAnAnswerIsTriedAgainAndALateAnswerIsIgnored() {
		PipedStream stream = pipe();
		this.time.runDue();
		CompletableFuture<PublishReceipt> silent = new CompletableFuture<>();
		this.answer = () -> silent;
		this.source.give("a");
		this.time.advance(Duration.ofSeconds(4));
		this.answer = this::stored;
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.published).extracting(Publication::id)
			.containsExactly(stream.id() + ".1", stream.id() + ".2", stream.id() + ".2");
		silent.complete(receipt());
		this.source.give("b");
		this.time.advance(Duration.ofSeconds(1));
		assertThat(lines()).containsExactly("0:", "0:a", "0:a", "1:b");
	}

	@Test
	void aTextWhoseMessagesCannotBePublishedEndsAndCancelsItsSource() {
		this.answer = () -> {
			throw new IllegalStateException("on purpose");
		};
		PipedStream stream = pipe();
		this.time.advance(Duration.ofSeconds(29));
		assertThat(stream.completion().toCompletableFuture()).isNotDone();
		this.time.advance(Duration.ofSeconds(2));
		assertThat(end(stream)).isEqualTo(new StreamEnd(StreamOutcome.UNPUBLISHED, 0, null, null));
		assertThat(this.source.cancelled).isEqualTo(1);
		int tries = this.published.size();
		assertThat(tries).isBetween(10, 30);
		this.time.advance(Duration.ofHours(1));
		assertThat(this.published).hasSize(tries);
	}

	@Test
	void aNodeThatShutsDownInterruptsWhatDoesNotEndInTime() {
		PipedStream slow = pipe();
		Source quick = new Source();
		PipedStream ends = this.streams.pipe("answers", quick);
		this.time.runDue();
		this.loops.loop("test").after(Duration.ofSeconds(5), quick::complete);
		long before = this.time.nanoTime();
		this.streams.drain();
		assertThat(Duration.ofNanos(this.time.nanoTime() - before)).isEqualTo(Duration.ofSeconds(10));
		this.time.runDue();
		assertThat(end(ends).outcome()).isEqualTo(StreamOutcome.DONE);
		assertThat(end(slow).outcome()).isEqualTo(StreamOutcome.INTERRUPTED);
		assertThat(lines()).endsWith("0:interrupted");
		assertThat(this.source.cancelled).isEqualTo(1);
		assertThatThrownBy(this::pipe).isInstanceOf(IllegalStateException.class).hasMessageContaining("shuts down");
		this.streams.close();
	}

	@Test
	void aShutdownEndsAlsoWhenNothingCanBePublished() {
		this.answer = CompletableFuture::new;
		PipedStream stream = pipe();
		this.time.runDue();
		long before = this.time.nanoTime();
		this.streams.drain();
		assertThat(Duration.ofNanos(this.time.nanoTime() - before)).isEqualTo(Duration.ofSeconds(15));
		this.time.runDue();
		assertThat(end(stream)).isEqualTo(new StreamEnd(StreamOutcome.INTERRUPTED, 0, null, null));
		this.streams.close();
	}

	@Test
	void rule8_thereAreNoMoreTextsThanAllowedAndARefusedSourceIsNotSubscribed() {
		for (int i = 0; i < 3; i++) {
			this.streams.pipe("answers", new Source());
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

	private PipedStream pipe() {
		return this.streams.pipe("answers", this.source);
	}

	private static StreamEnd end(PipedStream stream) {
		CompletableFuture<StreamEnd> end = stream.completion().toCompletableFuture();
		assertThat(end).isDone();
		return end.join();
	}

	private List<String> lines() {
		return this.published.stream().map((each) -> {
			String outcome = each.content().headers().get("stream-outcome");
			return each.content().headers().get("stream-offset") + ':'
					+ ((outcome != null) ? outcome : each.content().text());
		}).toList();
	}

	private CompletionStage<PublishReceipt> stored() {
		return CompletableFuture.completedFuture(receipt());
	}

	private PublishReceipt receipt() {
		return new PublishReceipt(Topic.of("answers"), new Position("E", this.published.size()), 0, false);
	}

	private RealtimeStreams streams(PipeProperties properties, long maxPayload) {
		return new RealtimeStreams((publication) -> {
			this.published.add(publication);
			return this.answer.get();
		}, properties, TopicPolicies.all(TopicPolicy.DEFAULT), maxPayload, PipeLoops.of(this.loops, 2), (topic) -> {
			this.asked.add(topic);
			return CompletableFuture.completedFuture(null);
		});
	}

	private static PipeProperties properties(int messageSize, int maxLength, int maxStreams) {
		return new PipeProperties(Duration.ofMillis(50), messageSize, maxLength, maxStreams, Duration.ofMinutes(10),
				Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(10), 2);
	}

	/** Gives what a test tells it to. */
	static final class Source implements Publisher<String>, Subscription {

		@Nullable Subscriber<? super String> subscriber;

		long requested;

		int cancelled;

		@Override
		public void subscribe(Subscriber<? super String> subscriber) {
			this.subscriber = subscriber;
			subscriber.onSubscribe(this);
		}

		@Override
		public void request(long n) {
			this.requested += n;
		}

		@Override
		public void cancel() {
			this.cancelled++;
		}

		void give(String... pieces) {
			for (String piece : pieces) {
				this.requested--;
				Objects.requireNonNull(this.subscriber).onNext(piece);
			}
		}

		void giveAll(String piece) {
			while (this.requested > 0) {
				give(piece);
			}
		}

		void complete() {
			Objects.requireNonNull(this.subscriber).onComplete();
		}

		void fail(Throwable failure) {
			Objects.requireNonNull(this.subscriber).onError(failure);
		}

	}

}
