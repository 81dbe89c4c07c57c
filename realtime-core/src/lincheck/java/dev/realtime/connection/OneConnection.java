package dev.realtime.connection;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Delivery;
import dev.realtime.delivery.DeliveryStats;
import dev.realtime.delivery.Frame;
import dev.realtime.feed.FeedOptions;
import dev.realtime.feed.FeedStats;
import dev.realtime.feed.Feeds;
import dev.realtime.log.BoundedReads;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.testing.GivenTasks;
import dev.realtime.testing.Threads;

/** A connection whose shard and whose socket are run by the threads of a test. */
final class OneConnection implements Transport {

	private static final Broker NO_BROKER = (Broker) Proxy.newProxyInstance(Broker.class.getClassLoader(),
			new Class<?>[] { Broker.class }, (proxy, method, arguments) -> {
				throw new UnsupportedOperationException();
			});

	private static final GivenTasks THREAD = new GivenTasks();

	private static final Loops LOOPS = new Loops();

	private static final Loop CLOCK = LOOPS.adopt("clock", new GivenTasks());

	private static final PlainEncoder ENCODER = new PlainEncoder();

	private static final Delivery DELIVERY = new Delivery(List.of(LOOPS.adopt("shard", THREAD)), ENCODER,
			new DeliveryStats(), CLOCK, () -> false);

	private static final Connections ALL = connections();

	final GivenTasks shard = THREAD;

	final Connection connection;

	final Connections all = ALL;

	/** The texts that the socket was given. */
	final Queue<String> written = new ConcurrentLinkedQueue<>();

	/** How often the socket was closed. */
	final AtomicInteger closes = new AtomicInteger();

	private final Queue<Completion> underWay = new ConcurrentLinkedQueue<>();

	private final AtomicInteger writes = new AtomicInteger();

	OneConnection() {
		this.connection = this.all.open("c", this, DELIVERY.shards().get(0));
		this.shard.run();
	}

	private static Connections connections() {
		Duration time = Duration.ofSeconds(10);
		Environment system = Environment.system();
		Feeds feeds = new Feeds(new FeedOptions(1, 1, 10, time, time, time), NO_BROKER, DELIVERY, new FeedStats(system),
				CLOCK);
		return new Connections(new ConnectionOptions(10, 1_000, 1, 10, 10, 1_000, time), feeds, ENCODER,
				(topic) -> TopicPolicy.DEFAULT, ConnectionListener.NONE, new ConnectionStats(system),
				new BoundedReads(1, 1), CLOCK);
	}

	void send(String text) {
		this.connection.send(Frame.of(text.getBytes(StandardCharsets.UTF_8)));
	}

	/** The socket has taken what is under way, if anything is. Any thread. */
	void taken() {
		Completion done = this.underWay.poll();
		if (done != null) {
			this.writes.decrementAndGet();
			done.done(null);
		}
	}

	/** Runs everything to its end, once the other threads have ended. */
	void settle() {
		this.shard.run();
		while (!this.underWay.isEmpty()) {
			taken();
			this.shard.run();
		}
	}

	@Override
	public void write(Batch batch, Completion done) {
		Threads.check(this.writes.incrementAndGet() == 1, "Two writes at a time");
		batch.frames().forEach((frame) -> this.written.add(String.valueOf(frame.text())));
		this.underWay.add(done);
	}

	@Override
	public int batchBytes() {
		return 0;
	}

	@Override
	public void close(CloseReason reason) {
		this.closes.incrementAndGet();
	}

}
