package dev.realtime.hub;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.delivery.Delivery;
import dev.realtime.delivery.DeliveryShard;
import dev.realtime.delivery.Frame;
import dev.realtime.log.BoundedReads;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's local fan-out: which connection wants which topic, and how messages get there.
 * Safe for any number of threads; nothing but {@link #close()} blocks.
 */
public final class Hub implements Relay.Listener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Hub.class);

	final Environment environment;

	final HubOptions options;

	final BrokerCalls calls;

	final FrameEncoder encoder;

	final HubStats stats;

	final Frame heartbeat;

	final ReplayPages pages;

	private final BoundedReads clientReads;

	final Patterns patterns;

	private volatile @Nullable FrameInterceptor interceptor;

	private final TopicPolicies policies;

	private final HubListener listener;

	final Delivery delivery;

	/** The hub's own, each the loop of the shard at the same index. */
	private final List<Loop> threads;

	/** Of shards that run on a server's event loops. */
	private final List<Loop> adopted;

	final Loop timer;

	private final TopicFeeds feeds = new TopicFeeds(this);

	private final OpenConnections connections;

	private final SharedIds ids = new SharedIds();

	private final AtomicInteger nextShard = new AtomicInteger();

	private final LogComparison comparison;

	/**
	 * Makes a hub with loops of its own and no event loops of a server.
	 */
	public Hub(HubOptions options, Broker broker, FrameEncoder encoder, TopicPolicies policies, HubListener listener) {
		this(options, broker, encoder, policies, listener, new Loops(), List.of());
	}

	/**
	 * Makes a hub, which has a shard for each of a server's event loops as well, so that
	 * the connections of a loop are served on it. {@link #start()} starts its clocks.
	 * @param broker what it subscribes to and reads from; not closed by the hub
	 * @param encoder makes the frames
	 * @param policies how topics are delivered
	 * @param listener told of subscribers coming and going
	 * @param loops makes the loops of the shards and of the clock
	 * @param eventLoops each runs its tasks one after the other, on one thread; not shut
	 * down by the hub
	 */
	public Hub(HubOptions options, Broker broker, FrameEncoder encoder, TopicPolicies policies, HubListener listener,
			Loops loops, List<? extends ScheduledExecutorService> eventLoops) {
		this.environment = loops.environment();
		this.options = options;
		this.stats = new HubStats(this.environment);
		this.calls = new BrokerCalls(broker, this.environment);
		this.connections = new OpenConnections(this.environment);
		this.encoder = encoder;
		this.policies = policies;
		this.listener = listener;
		this.heartbeat = Frame.of(encoder.heartbeat());
		this.timer = loops.loop("realtime-timer");
		this.comparison = new LogComparison(this.calls, this.feeds.all(), this.timer);
		this.patterns = new Patterns(this);
		this.clientReads = new BoundedReads(options.logReads(), options.logReadsWaiting());
		this.pages = new ReplayPages(this.calls, this.clientReads, encoder, options.pageSize(),
				options.sharedReplayBytes(), this.environment);
		this.threads = IntStream.range(0, options.shards()).mapToObj((i) -> loops.loop("realtime-shard-" + i)).toList();
		this.adopted = IntStream.range(0, eventLoops.size())
			.mapToObj((i) -> loops.adopt("event-loop-" + i, eventLoops.get(i)))
			.toList();
		this.delivery = new Delivery(Stream.concat(this.threads.stream(), this.adopted.stream()).toList(), encoder,
				this.stats.delivery, this.timer, () -> activeInterceptor() != null);
	}

	/** Starts heartbeats and the periodic comparison with the log. */
	public void start() {
		this.delivery.start();
		this.timer.every(Duration.ofSeconds(1), () -> this.pages.expire(this.environment.nanoTime()));
		this.timer.every(Duration.ofSeconds(1), () -> this.calls.expire(this.environment.nanoTime()));
		this.timer.every(this.options.checkInterval(), this.comparison::start);
		this.timer.every(LogComparison.WHILE_AWAY, this.comparison::startUnlessConnected);
	}

	/** The bound that everything has to pass that clients make this node read. */
	public BoundedReads clientReads() {
		return this.clientReads;
	}

	/** What was counted. */
	public HubStats stats() {
		return this.stats;
	}

	/** Topics with local subscribers, or that had some a few seconds ago. */
	public int topics() {
		return this.feeds.all().size();
	}

	/** Different patterns that this node's connections are subscribed to. */
	public int patterns() {
		return this.patterns.size();
	}

	/** Subscriptions of this node's connections that are live on the topic, or soon. */
	public int subscribers(Topic topic) {
		TopicFeed feed = this.feeds.find(topic);
		return (feed != null) ? feed.subscribers() : 0;
	}

	/** Returns the subscriptions of each topic that this node follows. */
	public Map<Topic, Integer> subscriberCounts() {
		Map<Topic, Integer> counts = new HashMap<>();
		this.feeds.all().forEach((feed) -> counts.put(feed.topic(), feed.subscribers()));
		return counts;
	}

	/** How far this node has delivered the topic; null if it does not follow it. */
	public @Nullable Position position(Topic topic) {
		TopicFeed feed = this.feeds.find(topic);
		return (feed != null) ? feed.position() : null;
	}

	/** Whether this node follows the topic, or did a few seconds ago. */
	public boolean follows(Topic topic) {
		return this.feeds.find(topic) != null;
	}

	/** Topics whose last read of the log failed, and that are therefore behind. */
	public int topicsBehind() {
		return (int) this.feeds.all().stream().filter(TopicFeed::isBehind).count();
	}

	/** Lets all topic messages pass the interceptor on their way to the sockets. */
	public void intercept(FrameInterceptor interceptor) {
		this.interceptor = interceptor;
	}

	/** The interceptor, if messages must pass it now. */
	@Nullable FrameInterceptor activeInterceptor() {
		FrameInterceptor known = this.interceptor;
		return (known != null && known.isActive()) ? known : null;
	}

	/**
	 * A connection came; it is served by one of the hub's own threads. A hub that closes
	 * refuses it: it is closed with 1012 at once, and never one of
	 * {@link #connections()}.
	 * @param id unique on this node
	 * @param transport writes to its socket
	 */
	public Connection connect(String id, Transport transport) {
		return connect(id, transport,
				shards().get(Math.floorMod(this.nextShard.getAndIncrement(), this.threads.size())));
	}

	/**
	 * A connection came on an event loop, which serves it; see
	 * {@link #connect(String, Transport)}.
	 * @param eventLoop one of those that the hub was made with
	 */
	public Connection connect(String id, Transport transport, Executor eventLoop) {
		DeliveryShard shard = this.delivery.shardOn(eventLoop);
		if (shard == null) {
			throw new IllegalArgumentException("The hub was made without this event loop: " + eventLoop);
		}
		return connect(id, transport, shard);
	}

	private Connection connect(String id, Transport transport, DeliveryShard shard) {
		Connection connection = new Connection(this, shard, id, transport);
		if (this.connections.add(connection)) {
			this.stats.connections.increment();
			shard.execute(() -> shard.opened(connection.writer));
		}
		else {
			connection.refuse(CloseReason.RESTART);
		}
		return connection;
	}

	/** The connection of this id, or null. */
	public @Nullable Connection connection(String id) {
		return this.connections.get(id);
	}

	/** All connections of this node, as they are now. */
	public List<Connection> connections() {
		return List.copyOf(this.connections.all());
	}

	/** Advises the client to reconnect after the delay, and closes with 1012 then. */
	public void sendAway(Connection connection, Duration after) {
		boolean unused = this.timer.contain(() -> connection.sendControl(this.encoder.reconnect(after)));
		later(after, () -> connection.close(CloseReason.RESTART));
	}

	@Override
	public void onMessage(TopicMessage message) {
		this.patterns.onMessage(message);
		TopicFeed feed = this.feeds.find(message.topic());
		if (feed != null) {
			feed.onMessage(message);
		}
	}

	@Override
	public void onSignal(Signal signal) {
		TopicFeed feed = this.feeds.find(signal.topic());
		if (feed != null) {
			feed.onSignal(signal);
		}
	}

	@Override
	public void onReconnected() {
		this.comparison.startAnew();
		this.patterns.onReconnected();
	}

	/**
	 * Refuses new connections, closes all others with 1012, those that have not written
	 * what waits within a second without it, and stops the clocks and threads.
	 * Idempotent; takes at most 2 s.
	 */
	@Override
	public void close() {
		if (!this.connections.end()) {
			return;
		}
		this.timer.close();
		connections().forEach((connection) -> connection.close(CloseReason.RESTART));
		if (!this.connections.awaitAllGone(Duration.ofSeconds(1))) {
			connections().forEach((connection) -> connection.closeNow(CloseReason.RESTART));
			boolean unused = this.connections.awaitAllGone(Duration.ofMillis(500));
		}
		long end = this.environment.nanoTime() + Duration.ofMillis(400).toNanos();
		for (Loop thread : this.threads) {
			if (!thread.close(Duration.ofNanos(Math.max(0, end - this.environment.nanoTime())))) {
				thread.close();
			}
		}
		this.adopted.forEach(Loop::close);
		// Of a shard that hangs.
		connections().forEach((connection) -> connection.writer.closeTransport(CloseReason.RESTART));
	}

	List<DeliveryShard> shards() {
		return this.delivery.shards();
	}

	Subscriber subscribe(Connection connection, SubscribeRequest request) {
		TopicPolicy policy = policy(request.topic());
		TopicFeed feed = this.feeds.retain(request.topic());
		Subscriber subscriber = new Subscriber(this.ids.of(request.id()), connection, feed, policy, false);
		try {
			connection.subscriptions.add(subscriber);
		}
		catch (Throwable ex) {
			this.feeds.release(feed);
			throw ex;
		}
		this.stats.subscriptions.increment();
		feed.join(subscriber, subscriber.entry(request));
		return subscriber;
	}

	/**
	 * Makes a pattern's subscriber of one topic. It is not one of the connection's
	 * subscriptions, and nothing happens before it joins.
	 * @param id the pattern's subscription id
	 */
	Subscriber byPattern(Connection connection, String id, Topic topic) {
		TopicPolicy policy = policy(topic);
		return new Subscriber(id, connection, this.feeds.retain(topic), policy, true);
	}

	String sharedId(String id) {
		return this.ids.of(id);
	}

	/** The application's answer, which is asked for before anything is held for it. */
	private TopicPolicy policy(Topic topic) {
		try {
			return Objects.requireNonNull(this.policies.of(topic), "TopicPolicies returned null");
		}
		catch (Throwable ex) {
			this.timer.failed(ex);
			throw new SubscribeException("subscribe-failed", "The subscription failed on the server", ex);
		}
	}

	/**
	 * Ends a subscription on its shard first: the feed, which hears of it afterwards,
	 * hands no message over to the shard behind one that it has left out.
	 */
	void unsubscribe(Subscriber subscriber) {
		try {
			leave(subscriber, () -> {
				if (subscriber.end()) {
					subscriber.connection.shard.contain(() -> this.listener.onEnd(subscriber));
				}
			});
		}
		finally {
			if (!subscriber.isByPattern()) {
				this.stats.subscriptions.decrement();
			}
		}
	}

	/**
	 * Ends a pattern's subscriber of one topic that has been quiet; what its queue holds
	 * is written.
	 */
	void retire(Subscriber subscriber) {
		leave(subscriber, () -> {
			subscriber.retire();
			subscriber.connection.shard.contain(() -> this.listener.onEnd(subscriber));
		});
	}

	private void leave(Subscriber subscriber, Runnable onShard) {
		try {
			subscriber.connection.execute(onShard);
		}
		finally {
			subscriber.feed.leave(subscriber);
			this.feeds.release(subscriber.feed);
		}
	}

	void live(Subscriber subscriber) {
		subscriber.connection.shard.contain(() -> this.listener.onLive(subscriber));
	}

	void closed(Connection connection) {
		if (this.connections.remove(connection)) {
			this.stats.connections.decrement();
			this.listener.onClosed(connection);
		}
	}

	/** Calls back when the stage ends, however it ends. */
	<T> void listen(CompletionStage<T> stage, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> listener) {
		CompletionStage<T> unused = stage
			.whenComplete((answer, failure) -> this.timer.contain(() -> listener.accept(answer, failure)));
	}

	void later(Duration delay, Runnable task) {
		this.timer.after(delay, task);
	}

	/** What names a topic or a pattern, which the broker could not serve. */
	void failedForNow(String name, @Nullable Throwable failure) {
		logger.debug("{} could not be read or subscribed to; trying again", name, failure);
	}

}
