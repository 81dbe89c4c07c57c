package dev.realtime.spring.pipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.realtime.Position;
import dev.realtime.PublishReceipt;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Environment;
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

/** How many texts grow at a time, and sources that block, in simulated time. */
class TextPlacesTests {

	private static final int MOST = 3;

	private final VirtualEnvironment time = new VirtualEnvironment(7);

	private final Loops loops = new Loops(this.time, Duration.ofSeconds(30));

	@Test
	void rule8_stoppedTextsKeepTheirPlacesWhileSourcesThatBlockKeepTheirRequestsWaiting() {
		RealtimeStreams streams = streams(1, TopicPolicies.all(TopicPolicy.DEFAULT));
		List<Integer> active = new ArrayList<>();
		PipedStream blocking = streams.pipe("answers", blocks((subscriber) -> {
			for (int i = 1; i < MOST; i++) {
				streams.pipe("answers", new ScriptedSource()).stop();
			}
			this.time.pause(Duration.ofSeconds(10));
			active.add(streams.active());
			assertThatThrownBy(() -> streams.pipe("answers", new ScriptedSource()))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("realtime.pipe.max-streams");
			subscriber.onComplete();
		}));
		this.time.advance(Duration.ofSeconds(20));
		assertThat(active).containsExactly(MOST);
		assertThat(blocking.completion().toCompletableFuture().join().outcome()).isEqualTo(StreamOutcome.DONE);
		assertThat(streams.active()).isZero();
		assertThat(streams.counts().get(StreamOutcome.STOPPED)).isEqualTo(MOST - 1);
	}

	@Test
	void rule8_aStoppedTextKeepsItsPlaceUntilItsSourceIsCancelled() {
		RealtimeStreams streams = streams(1, TopicPolicies.all(TopicPolicy.DEFAULT));
		List<Integer> growing = new ArrayList<>();
		PipedStream blocking = streams.pipe("answers", cancels(() -> {
			List<PipedStream> others = new ArrayList<>();
			for (int i = 1; i < MOST; i++) {
				others.add(streams.pipe("answers", new ScriptedSource()));
				others.get(i - 1).stop();
			}
			this.time.pause(Duration.ofSeconds(10));
			int now = streams.active();
			assertThat(others).allMatch((each) -> each.completion().toCompletableFuture().isDone());
			assertThatThrownBy(() -> streams.pipe("answers", new ScriptedSource()))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("realtime.pipe.max-streams");
			growing.add(now);
		}));
		blocking.stop();
		this.time.advance(Duration.ofSeconds(20));
		assertThat(growing).containsExactly(0);
		for (int i = 0; i < MOST; i++) {
			streams.pipe("answers", new ScriptedSource());
		}
	}

	@Test
	void aSourceThatHasEndedHoldsNoPlaceWhileOthersAreCancelled() {
		RealtimeStreams streams = streams(1, TopicPolicies.all(TopicPolicy.DEFAULT));
		List<StreamOutcome> ended = new ArrayList<>();
		streams.pipe("answers", cancels(() -> {
			for (int i = 0; i < 2 * MOST; i++) {
				PipedStream other = streams.pipe("answers", blocks(Subscriber::onComplete));
				this.time.pause(Duration.ofSeconds(1));
				ended.add(other.completion().toCompletableFuture().join().outcome());
			}
		})).stop();
		this.time.advance(Duration.ofSeconds(20));
		assertThat(ended).hasSize(2 * MOST).containsOnly(StreamOutcome.DONE);
	}

	@Test
	void sourcesThatSubscribeAgainAndAgainAreCancelledOnTheirOwnThread() {
		RealtimeStreams streams = streams(1, TopicPolicies.all(TopicPolicy.DEFAULT));
		ScriptedSource again = new ScriptedSource();
		streams.pipe("answers", (subscriber) -> {
			subscriber.onSubscribe(new ScriptedSource());
			for (int i = 0; i < 100; i++) {
				subscriber.onSubscribe(again);
			}
			assertThat(again.cancelled).isEqualTo(100);
		});
		this.time.runDue();
		assertThat(streams.active()).isOne();
	}

	@Test
	void theHandleIsCompleteAfterTheEndEvenIfSourcesBlockedUntilThen() throws Exception {
		// real threads: only those can be dropped with what waits for them
		Loops real = new Loops(Environment.system(), Duration.ofSeconds(30));
		RealtimeStreams streams = streams(real, 1, TopicPolicies.all(TopicPolicy.DEFAULT));
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		PipedStream text = streams.pipe("answers", blocks((subscriber) -> {
			asked.countDown();
			awaitWithoutInterrupt(released);
		}));
		asked.await();
		streams.close();
		assertThat(text.completion().toCompletableFuture().get(0, TimeUnit.SECONDS).outcome())
			.isEqualTo(StreamOutcome.INTERRUPTED);
		assertThat(streams.active()).isZero();
		released.countDown();
	}

	@Test
	void aDrainWaitsForATextThatJustBegins() {
		List<Long> drainSeconds = new ArrayList<>();
		AtomicReference<@Nullable RealtimeStreams> streams = new AtomicReference<>();
		streams.set(streams(1, (topic) -> {
			long before = this.time.nanoTime();
			Objects.requireNonNull(streams.get()).drain();
			drainSeconds.add(TimeUnit.NANOSECONDS.toSeconds(this.time.nanoTime() - before));
			return TopicPolicy.DEFAULT;
		}));
		PipedStream text = Objects.requireNonNull(streams.get()).pipe("answers", new ScriptedSource());
		this.time.runDue();
		assertThat(drainSeconds).singleElement().satisfies((seconds) -> assertThat(seconds).isGreaterThanOrEqualTo(10));
		assertThat(text.completion().toCompletableFuture().join().outcome()).isEqualTo(StreamOutcome.INTERRUPTED);
	}

	@Test
	void sourcesThatGiveTheirTextWhileTheyAreAskedAreNotStalled() {
		RealtimeStreams streams = streams(2, TopicPolicies.all(TopicPolicy.DEFAULT));
		List<String> stalled = new ArrayList<>();
		Publisher<String> slow = blocks((subscriber) -> {
			for (int i = 0; i < 5; i++) {
				this.time.pause(Duration.ofSeconds(20));
				stalled.addAll(this.loops.stalled());
				subscriber.onNext("x");
			}
			subscriber.onComplete();
		});
		List<PipedStream> texts = List.of(streams.pipe("answers", slow), streams.pipe("answers", slow));
		this.time.advance(Duration.ofMinutes(5));
		assertThat(stalled).isEmpty();
		assertThat(texts).extracting((each) -> each.completion().toCompletableFuture().join().length())
			.containsExactly(5, 5);
	}

	@Test
	@SuppressWarnings("NullAway") // applications may return null
	void aTopicWithoutAPolicyTakesNoPlace() {
		List<TopicPolicies> broken = List.of((topic) -> {
			throw new LinkageError("on purpose");
		}, (topic) -> null);
		for (TopicPolicies each : broken) {
			RealtimeStreams streams = streams(1, each);
			for (int i = 0; i <= MOST; i++) {
				assertThatThrownBy(() -> streams.pipe("answers", new ScriptedSource()))
					.isNotInstanceOf(IllegalStateException.class);
			}
			assertThat(streams.active()).isZero();
		}
	}

	private RealtimeStreams streams(int threads, TopicPolicies policies) {
		return streams(this.loops, threads, policies);
	}

	private static RealtimeStreams streams(Loops loops, int threads, TopicPolicies policies) {
		PipeProperties properties = new PipeProperties(Duration.ofMillis(50), 8_192, 1_000, MOST,
				Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(10),
				threads);
		return new RealtimeStreams(
				(publication) -> CompletableFuture
					.completedFuture(new PublishReceipt(publication.topic(), new Position("E", 1), 0, false)),
				properties, policies, 1_000, PipeLoops.of(loops, threads),
				(topic) -> CompletableFuture.completedFuture(null));
	}

	private static void awaitWithoutInterrupt(CountDownLatch latch) {
		while (true) {
			try {
				latch.await();
				return;
			}
			catch (InterruptedException ex) {
				// it blocks all the same
			}
		}
	}

	/** Gives nothing, and does this when it is cancelled. */
	private static Publisher<String> cancels(Runnable task) {
		return (subscriber) -> subscriber.onSubscribe(new Subscription() {

			@Override
			public void request(long n) {
				// has nothing
			}

			@Override
			public void cancel() {
				task.run();
			}

		});
	}

	/** Gives whatever it gives when it is asked for the first time. */
	private static Publisher<String> blocks(Consumer<Subscriber<? super String>> source) {
		return (subscriber) -> subscriber.onSubscribe(new Subscription() {

			private boolean asked;

			@Override
			public void request(long n) {
				if (!this.asked) {
					this.asked = true;
					source.accept(subscriber);
				}
			}

			@Override
			public void cancel() {
				// goes on
			}

		});
	}

}
