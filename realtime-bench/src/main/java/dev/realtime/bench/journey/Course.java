package dev.realtime.bench.journey;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.bench.redis.RedisProcess;
import dev.realtime.broker.Broker;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import io.lettuce.core.RedisClient;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import org.HdrHistogram.Histogram;

/**
 * A hub with one shard in this process, whose connections are sockets of this machine,
 * all subscribed to one topic. One thread publishes at a fixed rate.
 */
public final class Course {

	private static final Topic ROOM = Topic.of("room.1");

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final int BODY = 128;

	private final int subscribers;

	private final int rate;

	private final int seconds;

	/**
	 * Describes what is measured.
	 * @param rate publishes a second
	 * @param seconds how long is measured; as much again warms up before
	 */
	public Course(int subscribers, int rate, int seconds) {
		this.subscribers = subscribers;
		this.rate = rate;
		this.seconds = seconds;
	}

	/** Measures with everything in memory. */
	public Map<Stage, Histogram> inMemory() {
		return run(new MemoryBroker(Clock.systemUTC()), List.of());
	}

	/** Measures in memory, with an event loop of Netty's as the shard. */
	public Map<Stage, Histogram> onAnEventLoop() {
		EventLoopGroup group = Epoll.isAvailable() ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
		try {
			return run(new MemoryBroker(Clock.systemUTC()), List.of(group.next()));
		}
		finally {
			group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
		}
	}

	/** Measures over a Redis of its own. */
	public Map<Stage, Histogram> overRedis() {
		try (RedisProcess redis = RedisProcess.start()) {
			RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.port());
			try {
				return run(new RedisBroker(client, new RedisKeys("rt"), RedisBrokerOptions.DEFAULT, new Loops()),
						List.of());
			}
			finally {
				client.shutdown(0, 2, TimeUnit.SECONDS);
			}
		}
	}

	private Map<Stage, Histogram> run(Broker real, List<EventLoop> eventLoops) {
		int messages = 2 * this.rate * this.seconds;
		Stamps stamps = new Stamps(messages, messages / 2, this.subscribers);
		try (Broker broker = new StampingBroker(real, stamps);
				Hub hub = new Hub(HubOptions.builder().shards(1).build(), broker, new StampingEncoder(stamps),
						TopicPolicies.all(TopicPolicy.DEFAULT), ConnectionListener.NONE, new Loops(), eventLoops);
				Readers readers = Readers.open(this.subscribers)) {
			broker.start(hub);
			hub.start();
			List<SocketTransport> transports = readers.nodeEnds()
				.stream()
				.map((end) -> new SocketTransport(end, stamps))
				.toList();
			transports.forEach((transport) -> connect(hub, transport, eventLoops)
				.subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, null)));
			await(() -> hub.stats().recoveries(Recovery.NOT_ASKED), this.subscribers);
			publish(broker, messages);
			await(() -> hub.stats().delivered(), (long) messages * this.subscribers);
			await(() -> transports.stream().mapToLong(SocketTransport::messages).sum(),
					(long) messages * this.subscribers);
			transports.forEach((transport) -> check(transport.messages(), messages));
			return stamps.histograms();
		}
	}

	private static Connection connect(Hub hub, SocketTransport transport, List<EventLoop> eventLoops) {
		String id = UUID.randomUUID().toString();
		return eventLoops.isEmpty() ? hub.connect(id, transport) : hub.connect(id, transport, eventLoops.get(0));
	}

	private void publish(Broker broker, int messages) {
		Publication publication = Publication.of(ROOM, Content.text("x".repeat(BODY)));
		long period = TimeUnit.SECONDS.toNanos(1) / this.rate;
		long began = System.nanoTime();
		for (int i = 0; i < messages; i++) {
			for (long left = began + i * period - System.nanoTime(); left > 0; left = began + i * period
					- System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
			broker.publish(publication, TopicPolicy.DEFAULT).whenComplete((receipt, failure) -> {
				if (failure != null) {
					System.err.println("Not published: " + failure);
				}
			});
		}
	}

	private static void check(long received, int messages) {
		if (received != messages) {
			throw new IllegalStateException("A socket got " + received + " messages instead of " + messages);
		}
	}

	private static void await(LongSupplier counter, long target) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (counter.getAsLong() < target) {
			if (System.nanoTime() > deadline) {
				throw new IllegalStateException(
						"After " + PATIENCE.toSeconds() + " s " + counter.getAsLong() + " of " + target);
			}
			LockSupport.parkNanos(1_000_000);
		}
	}

}
