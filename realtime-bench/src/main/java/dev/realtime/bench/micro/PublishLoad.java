package dev.realtime.bench.micro;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.hub.HubOptions;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.redis.RedisKeys;

/**
 * The command {@code publish}: one node and a private Redis server on the same machine,
 * each topic with one subscriber whose transport discards. Prints how many messages were
 * stored and how many delivered in a second, and how long that took from the moment when
 * the publish was due: what a stall delays counts in full.
 *
 * <pre>
 * --rate=40000      publishes a second, 0 for as many as are answered
 * --seconds=10      measured, after --warmup=5
 * --in-flight=1000  unanswered at most
 * --topics=100
 * </pre>
 */
public final class PublishLoad {

	private static final double SECOND = 1e9;

	private static final double MICROSECOND = 1e3;

	private static final long PAUSE_NANOS = 200_000;

	private static final long PATIENCE_NANOS = 30_000_000_000L;

	private final Latencies stored = new Latencies();

	private final Latencies delivered = new Latencies();

	private final List<Topic> topics = new ArrayList<>();

	private final List<Arrivals> arrivals = new ArrayList<>();

	private final RealtimeNode node;

	private final Semaphore inFlight;

	private final AtomicLong failures = new AtomicLong();

	private PublishLoad(PrivateRedis redis, int topics, int inFlight) {
		this.inFlight = new Semaphore(inFlight);
		// One shard delivers, so that one thread counts.
		this.node = RealtimeNode
			.builder("bench",
					new RedisBroker(redis.client(), new RedisKeys("rt"), RedisBrokerOptions.DEFAULT, new Loops()),
					new MemoryPresence(PresenceOptions.DEFAULT, new Loops()))
			.options(HubOptions.builder().shards(1).build())
			.destinations(Topic::name)
			.build();
		this.node.start();
		for (int i = 0; i < topics; i++) {
			this.topics.add(Topic.of("room." + i));
			this.arrivals.add(new Arrivals(this.delivered));
			this.node.hub()
				.connect("session-" + i, this.arrivals.get(i))
				.subscribe(new SubscribeRequest("sub-0", this.topics.get(i), null, 0, null));
		}
	}

	/** Runs it and prints what it found. */
	public static void run(String... args) {
		int rate = flag(args, "rate", 40_000);
		int topics = flag(args, "topics", 100);
		int inFlight = flag(args, "in-flight", 1_000);
		try (PrivateRedis redis = new PrivateRedis()) {
			PublishLoad load = new PublishLoad(redis, topics, inFlight);
			await(() -> load.node.hub().stats().recoveries(Recovery.NOT_ASKED), topics);
			load.publish(rate, flag(args, "warmup", 5));
			load.stored.clear();
			load.delivered.clear();
			long began = System.nanoTime();
			long nodeBefore = nodeCore();
			long redisBefore = redis.coreNanos();
			long published = load.publish(rate, flag(args, "seconds", 10));
			double seconds = (System.nanoTime() - began) / SECOND;
			print("%,.0f publishes a second on %d topics, at most %d unanswered, %d failed", published / seconds,
					topics, inFlight, load.failures.get());
			print("time on a core for each: node %.1f us, redis-server %.1f us",
					(nodeCore() - nodeBefore) / MICROSECOND / published,
					(redis.coreNanos() - redisBefore) / MICROSECOND / published);
			print("stored    %,d: %s", load.stored.total(), load.stored);
			print("delivered %,d: %s", load.delivered.total(), load.delivered);
			load.node.close();
		}
	}

	/**
	 * Publishes for so long, and waits until all is stored and delivered.
	 * @return how many
	 */
	private long publish(int rate, int seconds) {
		long began = System.nanoTime();
		long count = 0;
		for (long now = began; now - began < seconds * SECOND; now = System.nanoTime()) {
			long due = (rate > 0) ? (long) ((now - began) / SECOND * rate) : count + 1;
			while (count < due) {
				long dueNanos = (rate > 0) ? began + (long) (count * SECOND / rate) : System.nanoTime();
				this.inFlight.acquireUninterruptibly();
				publishOne((int) (count++ % this.topics.size()), dueNanos);
			}
			if (rate > 0) {
				LockSupport.parkNanos(PAUSE_NANOS);
			}
		}
		await(this.stored::total, count);
		await(this.delivered::total, count);
		return count;
	}

	private void publishOne(int topic, long dueNanos) {
		this.arrivals.get(topic).publishing(dueNanos);
		var unused = this.node.publish(Publication.of(this.topics.get(topic), Room.CONTENT))
			.whenComplete((receipt, failure) -> {
				this.stored.add(System.nanoTime() - dueNanos);
				if (failure != null) {
					this.failures.incrementAndGet();
				}
				this.inFlight.release();
			});
	}

	/** What all threads of this JVM have used, the compiler's and the collector's too. */
	private static long nodeCore() {
		return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
	}

	private static void await(LongSupplier counter, long target) {
		long began = System.nanoTime();
		while (counter.getAsLong() < target) {
			if (System.nanoTime() - began > PATIENCE_NANOS) {
				throw new IllegalStateException("Waited in vain for " + target + "; it is " + counter.getAsLong());
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
	}

	private static int flag(String[] args, String name, int otherwise) {
		String start = "--" + name + '=';
		for (String arg : args) {
			if (arg.startsWith(start)) {
				return Integer.parseInt(arg.substring(start.length()));
			}
		}
		return otherwise;
	}

	private static void print(String format, Object... values) {
		System.out.println(String.format(Locale.ROOT, format, values));
	}

}
