package dev.realtime.bench.micro;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.Relay;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Publishing through a private Redis server, which shares the machine's cores with the
 * benchmark: numbered, stored and announced, to nobody.
 */
public class RedisBench {

	/** Publishes a second with at most 1,000 unanswered. */
	@Benchmark
	@BenchmarkMode(Mode.Throughput)
	@OutputTimeUnit(TimeUnit.SECONDS)
	public void publishPipelined(Server server) {
		server.inFlight.acquireUninterruptibly();
		var unused = server.broker.publish(Room.PUBLICATION, TopicPolicy.DEFAULT)
			.whenComplete((receipt, failure) -> server.inFlight.release());
	}

	/** From the call until the message is stored, one after the other. */
	@Benchmark
	@BenchmarkMode(Mode.SampleTime)
	@OutputTimeUnit(TimeUnit.MICROSECONDS)
	public PublishReceipt publishAndWait(Server server) {
		return server.broker.publish(Room.PUBLICATION, TopicPolicy.DEFAULT).toCompletableFuture().join();
	}

	/** The server and its broker. */
	@State(Scope.Benchmark)
	public static class Server {

		final Semaphore inFlight = new Semaphore(1_000);

		final PrivateRedis redis = new PrivateRedis();

		final RedisBroker broker = new RedisBroker(this.redis.client(), new RedisKeys("rt"), RedisBrokerOptions.DEFAULT,
				new Loops());

		public Server() {
			this.broker.start(new Relay.Listener() {
				@Override
				public void onMessage(TopicMessage message) {
					// Nobody subscribes.
				}

				@Override
				public void onSignal(Signal signal) {
					// Nobody subscribes.
				}

				@Override
				public void onReconnected() {
					// Nothing to repair.
				}
			});
		}

		/** Stops both. */
		@TearDown
		public void close() {
			this.broker.close();
			this.redis.close();
		}

	}

}
