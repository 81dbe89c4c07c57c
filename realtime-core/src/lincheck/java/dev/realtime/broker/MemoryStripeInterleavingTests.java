package dev.realtime.broker;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.testing.Threads;
import org.junit.jupiter.api.Test;

/** The turn of announcing, in many interleavings of threads that publish. */
class MemoryStripeInterleavingTests {

	private static final Topic TOPIC = Topic.of("room");

	@Test
	void allAreAnnouncedInOrderOneAtATime() {
		Threads.inManyInterleavings(() -> {
			Announced announced = new Announced();
			MemoryStripe stripe = new MemoryStripe(announced::add);
			AtomicInteger last = new AtomicInteger();
			Threads others = new Threads().start(() -> publish(stripe, last, 2));
			publish(stripe, last, 1);
			others.join();
			Threads.check(List.copyOf(announced.seqs).equals(List.of(1L, 2L, 3L)), announced.seqs + " was announced");
		});
	}

	private static void publish(MemoryStripe stripe, AtomicInteger last, int times) {
		for (int i = 0; i < times; i++) {
			stripe.publish(TOPIC, null, 0, 0, () -> message(last.incrementAndGet()));
		}
	}

	private static TopicMessage message(long seq) {
		return new TopicMessage(TOPIC, new Position("e", seq), 0, null, Content.text("x"), null, 0);
	}

	private static final class Announced {

		final Queue<Long> seqs = new ConcurrentLinkedQueue<>();

		private final AtomicInteger at = new AtomicInteger();

		void add(TopicMessage message) {
			// what a stripe's listener throws is only logged
			long seq = (this.at.incrementAndGet() == 1) ? message.seq() : -1;
			this.seqs.add(seq);
			this.at.decrementAndGet();
		}

	}

}
