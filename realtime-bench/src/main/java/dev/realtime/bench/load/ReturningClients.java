package dev.realtime.bench.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import io.netty.channel.ChannelFuture;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Clients that come back with their positions whenever they lose their connections.
 * Public methods may be called by any thread but the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class ReturningClients {

	/** Connection attempts at once: a listen queue is finite. */
	private static final int CONNECTING_AT_ONCE = 512;

	private static final int CUTTING_MILLIS = 20;

	private final Load load;

	private final IntUnaryOperator ports;

	// Confined to the loop from here on.

	private final List<ReturningClient> clients = new ArrayList<>();

	private final ArrayDeque<ReturningClient> waiting = new ArrayDeque<>();

	private final Map<String, Integer> ends = new TreeMap<>();

	private final Histogram returns = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);

	private final Histogram replays = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);

	private int connecting;

	private int back;

	private long attempts;

	private long replayed;

	private long lastBackNanos;

	private @Nullable ScheduledFuture<?> cutting;

	private double cutsDue;

	/**
	 * Makes clients and connects them as fast as the server takes them.
	 * @param topics the topic of each
	 * @param ports on loopback; asked for each attempt, with the port that the client has
	 * just failed to reach, or 0
	 */
	public ReturningClients(Load load, int count, IntFunction<String> topics, IntUnaryOperator ports) {
		this.load = load;
		this.ports = ports;
		load.run(() -> {
			for (int i = 0; i < count; i++) {
				ReturningClient client = new ReturningClient(this, load.takeId(), topics.apply(i));
				this.clients.add(client);
				this.waiting.add(client);
			}
			connectSome();
		});
	}

	/** Waits until every client is connected and has got everything that it missed. */
	public void awaitBack(Duration atMost) {
		int count = this.clients.size();
		Load.await(() -> this.load.on(() -> this.back) == count, atMost, () -> this.load.on(() -> this.back) + " of "
				+ count + " clients are back; " + this.load.failures() + ' ' + counts().ends());
	}

	/**
	 * Cuts clients at random, whatever they are doing, so that each is cut once in this
	 * time on average. Half of the connections are reset.
	 */
	public void cutEach(Duration time) {
		this.load.run(() -> {
			double each = this.clients.size() * (double) CUTTING_MILLIS / time.toMillis();
			this.cutting = this.load.loop()
				.scheduleAtFixedRate(() -> cutSome(each), CUTTING_MILLIS, CUTTING_MILLIS, TimeUnit.MILLISECONDS);
		});
	}

	/** Cuts no more clients. */
	public void stopCutting() {
		this.load.run(() -> {
			if (this.cutting != null) {
				this.cutting.cancel(false);
			}
		});
	}

	/** Counts and measures anew. */
	public void reset() {
		this.load.run(() -> {
			this.returns.reset();
			this.replays.reset();
			this.ends.clear();
			this.attempts = 0;
			this.replayed = 0;
		});
	}

	/** What was counted and measured. */
	public Counts counts() {
		return this.load.on(() -> new Counts(this.attempts, this.replayed, this.returns.copy(), this.replays.copy(),
				this.lastBackNanos, Map.copyOf(this.ends)));
	}

	/**
	 * Waits until as many messages have arrived as the clients must get together.
	 * @param expected how many messages each topic had
	 */
	public void awaitReceived(ToLongFunction<String> expected, Duration atMost) {
		Map<String, Long> topics = this.load.on(() -> this.clients.stream()
			.collect(Collectors.groupingBy(ReturningClient::topic, Collectors.counting())));
		this.load.awaitReceived(topics.entrySet()
			.stream()
			.mapToLong((topic) -> topic.getValue() * expected.applyAsLong(topic.getKey()))
			.sum(), atMost);
	}

	/**
	 * Throws if a client did not get every message of its topic.
	 * @param expected how many messages each topic had
	 */
	public void checkExact(ToLongFunction<String> expected) {
		Map<ReturningClient, Long> received = this.load
			.on(() -> this.clients.stream().collect(Collectors.toMap((each) -> each, ReturningClient::received)));
		received.forEach((client, count) -> {
			long all = expected.applyAsLong(client.topic());
			if (count != all) {
				throw new IllegalStateException(
						"A client of " + client.topic() + " got " + count + " messages instead of " + all);
			}
		});
		if (this.load.failed() > 0 || this.load.disordered() > 0) {
			throw new IllegalStateException(this.load.failed() + " failures and " + this.load.disordered()
					+ " messages out of order, such as " + this.load.failures());
		}
	}

	// What follows is called on the loop.

	void connectAfter(int millis, ReturningClient client) {
		after(millis, () -> {
			this.waiting.add(client);
			connectSome();
		});
	}

	void after(long millis, Runnable task) {
		if (!this.load.loop().isShuttingDown()) {
			this.load.loop().schedule(task, millis, TimeUnit.MILLISECONDS);
		}
	}

	void back(long sinceConnect, long sinceSubscribe) {
		this.back++;
		this.lastBackNanos = System.nanoTime();
		record(this.returns, sinceConnect);
		record(this.replays, sinceSubscribe);
	}

	void left() {
		this.back--;
	}

	void replayed() {
		this.replayed++;
	}

	void ended(String why) {
		this.ends.merge(why, 1, Integer::sum);
	}

	void failed(String what) {
		this.load.failed(what);
	}

	void disordered(String what) {
		this.load.disordered(what);
	}

	private void connectSome() {
		while (this.connecting < CONNECTING_AT_ONCE && !this.waiting.isEmpty()) {
			ReturningClient next = this.waiting.remove();
			this.connecting++;
			this.attempts++;
			int port = this.ports.applyAsInt(next.failedPort);
			ChannelFuture made = this.load.connect(port, next.next(this.load));
			made.addListener((done) -> {
				this.connecting--;
				next.failedPort = done.isSuccess() ? 0 : port;
				if (!done.isSuccess()) {
					next.broken("not connected");
					next.closed();
				}
				connectSome();
			});
		}
	}

	private void cutSome(double each) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		int tries = 0;
		for (this.cutsDue += each; this.cutsDue >= 1 && tries < this.clients.size(); tries++) {
			if (this.clients.get(random.nextInt(this.clients.size())).cut(random.nextBoolean())) {
				this.cutsDue--;
			}
		}
	}

	private static void record(Histogram histogram, long nanos) {
		histogram.recordValue(Math.min(nanos / 1_000, histogram.getHighestTrackableValue()));
	}

	/**
	 * What was counted.
	 *
	 * @param attempts connections that were tried
	 * @param replayed messages that came before their clients were live again
	 * @param returns microseconds from the attempt until everything missed had arrived
	 * @param replays the same from SUBSCRIBE
	 * @param lastBackNanos when the last client was back, as {@link System#nanoTime()}
	 * @param ends connections that the server or the network ended, by reason
	 */
	public record Counts(long attempts, long replayed, Histogram returns, Histogram replays, long lastBackNanos,
			Map<String, Integer> ends) {
	}

}
