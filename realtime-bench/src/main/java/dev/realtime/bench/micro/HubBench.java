package dev.realtime.bench.micro;

import java.util.concurrent.TimeUnit;

import dev.realtime.TopicPolicy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One message from the relay to the transports of its subscribers, on one thread: order,
 * frame, queues, batches. Nanoseconds for each delivery. A busy shard lets a few messages
 * share a write, here as in a node.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HubBench {

	/** One subscriber: what a message costs. */
	@Benchmark
	public void deliverTo1(One listeners) {
		listeners.deliver();
	}

	/** A thousand subscribers: what a delivery costs while all fits the caches. */
	@Benchmark
	@OperationsPerInvocation(1_000)
	public void deliverTo1000(Thousand listeners) {
		listeners.deliver();
	}

	/** A hundred thousand subscribers: what it costs when they come from memory. */
	@Benchmark
	@OperationsPerInvocation(100_000)
	public void deliverTo100000(HundredThousand listeners) {
		listeners.deliver();
	}

	/** One. */
	@State(Scope.Thread)
	public static class One extends Listeners {

		public One() {
			super(1, TopicPolicy.DEFAULT, new DiscardingTransport());
		}

	}

	/** 1,000. */
	@State(Scope.Thread)
	public static class Thousand extends Listeners {

		public Thousand() {
			super(1_000, TopicPolicy.DEFAULT, new DiscardingTransport());
		}

	}

	/** 100,000. */
	@State(Scope.Thread)
	public static class HundredThousand extends Listeners {

		public HundredThousand() {
			super(100_000, TopicPolicy.DEFAULT, new DiscardingTransport());
		}

	}

}
