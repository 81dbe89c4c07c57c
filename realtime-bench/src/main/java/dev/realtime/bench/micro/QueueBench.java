package dev.realtime.bench.micro;

import java.util.concurrent.TimeUnit;

import dev.realtime.Overflow;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A connection's queue, as the hub uses it. Nanoseconds for each frame.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueueBench {

	private static final int READERS = 1_000;

	private static final int WAITING = 100;

	private static final Frame FRAME = Frame.of(new byte[300]);

	/** Offered to an empty queue, taken out, batched and written. */
	@Benchmark
	public void offerAndPoll(Idle idle) {
		idle.connection.send(FRAME);
	}

	/**
	 * Delivered to 1,000 readers that are stuck: 100 messages wait for each, the oldest
	 * is dropped and the gap before it widened.
	 */
	@Benchmark
	@OperationsPerInvocation(READERS)
	public void offerAndDropOldest(Stuck stuck) {
		stuck.deliver();
	}

	/** A connection that waits for nothing. */
	@State(Scope.Thread)
	public static class Idle extends Listeners {

		final Connection connection = connect("idle", new DiscardingTransport());

		public Idle() {
			super(0, TopicPolicy.DEFAULT, new DiscardingTransport());
		}

	}

	/** Readers whose queues are full. */
	@State(Scope.Thread)
	public static class Stuck extends Listeners {

		public Stuck() {
			super(READERS, TopicPolicy.builder().queue(WAITING, 1 << 20, Overflow.DROP_OLDEST).build(),
					new StuckTransport());
			for (int i = 0; i < 2 * WAITING; i++) {
				deliver();
			}
			if (stats().dropped() == 0) {
				throw new IllegalStateException("Nothing is dropped");
			}
		}

	}

}
