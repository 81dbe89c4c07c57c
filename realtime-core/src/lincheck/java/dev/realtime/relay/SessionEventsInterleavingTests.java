package dev.realtime.relay;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.testing.GivenTasks;
import dev.realtime.testing.Threads;
import org.junit.jupiter.api.Test;

/** A session that is lost while its opener returns it, in many interleavings. */
class SessionEventsInterleavingTests {

	private static final GivenTasks THREAD = new GivenTasks();

	private static final Loop LOOP = new Loops().adopt("relay", THREAD);

	@Test
	void itsLossIsToldHoweverEarlyItComes() {
		Threads.inManyInterleavings(() -> {
			AtomicInteger told = new AtomicInteger();
			SessionEvents events = new SessionEvents(LOOP, (session) -> told.incrementAndGet(), () -> {
			});
			Threads others = new Threads().start(events::onLost);
			events.of(new NoSession());
			others.join();
			THREAD.run();
			Threads.check(told.get() >= 1, "The loss was not reported");
		});
	}

	private static final class NoSession implements RelaySession {

		@Override
		public void subscribe(Subscription subscription) {
		}

		@Override
		public void unsubscribe(Subscription subscription) {
		}

		@Override
		public void confirm(Duration timeout) {
		}

		@Override
		public CompletionStage<Void> publish(Topic topic, byte[] bytes) {
			return CompletableFuture.completedStage(null);
		}

		@Override
		public boolean isOpen() {
			return false;
		}

		@Override
		public void close() {
		}

	}

}
