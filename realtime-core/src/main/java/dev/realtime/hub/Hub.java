package dev.realtime.hub;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.Connections;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.FrameInterceptor;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Delivery;
import dev.realtime.delivery.DeliveryShard;
import dev.realtime.feed.Feeds;
import dev.realtime.feed.TopicFeed;
import dev.realtime.journey.Journeys;
import dev.realtime.log.BoundedReads;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import org.jspecify.annotations.Nullable;

/**
 * A node's local fan-out: which connection wants which topic, and how messages get there.
 * Safe for any number of threads; nothing but {@link #close()} blocks.
 */
public final class Hub implements Relay.Listener, AutoCloseable {

	private final Environment environment;

	private final HubStats stats;

	private final BoundedReads clientReads;

	private final Delivery delivery;

	final Feeds feeds;

	private final Connections connections;

	/** The hub's own, each the loop of the shard at the same index. */
	private final List<Loop> threads;

	/** Of shards that run on a server's event loops. */
	private final List<Loop> adopted;

	private final Loop timer;

	private final AtomicInteger nextShard = new AtomicInteger();

	/**
	 * Makes a hub with loops of its own and no event loops of a server.
	 */
	public Hub(HubOptions options, Broker broker, FrameEncoder encoder, TopicPolicies policies,
			ConnectionListener listener) {
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
	public Hub(HubOptions options, Broker broker, FrameEncoder encoder, TopicPolicies policies,
			ConnectionListener listener, Loops loops, List<? extends ScheduledExecutorService> eventLoops) {
		this.environment = loops.environment();
		this.stats = new HubStats(this.environment);
		this.timer = loops.loop("realtime-timer");
		this.clientReads = new BoundedReads(options.logReads(), options.logReadsWaiting());
		this.threads = IntStream.range(0, options.shards()).mapToObj((i) -> loops.loop("realtime-shard-" + i)).toList();
		this.adopted = IntStream.range(0, eventLoops.size())
			.mapToObj((i) -> loops.adopt("event-loop-" + i, eventLoops.get(i)))
			.toList();
		this.delivery = new Delivery(Stream.concat(this.threads.stream(), this.adopted.stream()).toList(), encoder,
				this.stats.delivery, this.timer, this::isIntercepted);
		this.feeds = new Feeds(options.feeds(), broker, this.delivery, this.stats.feeds, this.timer);
		this.connections = new Connections(options.connections(), this.feeds, encoder, policies, listener,
				this.stats.connections, this.clientReads, this.timer);
	}

	/** Starts heartbeats and the periodic comparison with the log. */
	public void start() {
		this.delivery.start();
		this.connections.start();
		this.feeds.start();
	}

	/** The bound that everything has to pass that clients make this node read. */
	public BoundedReads clientReads() {
		return this.clientReads;
	}

	/** What was counted. */
	public HubStats stats() {
		return this.stats;
	}

	/** The last messages of this node that asked for their journey. */
	public Journeys journeys() {
		return this.delivery.journeys();
	}

	/** Topics with local subscribers, or that had some a few seconds ago. */
	public int topics() {
		return this.feeds.topics().size();
	}

	/** Different patterns that this node's connections are subscribed to. */
	public int patterns() {
		return this.feeds.patterns();
	}

	/** Subscriptions of this node's connections that are live on the topic, or soon. */
	public int subscribers(Topic topic) {
		TopicFeed feed = this.feeds.find(topic);
		return (feed != null) ? feed.subscribers() : 0;
	}

	/** Returns the subscriptions of each topic that this node follows. */
	public Map<Topic, Integer> subscriberCounts() {
		Map<Topic, Integer> counts = new HashMap<>();
		this.feeds.topics().forEach((feed) -> counts.put(feed.topic(), feed.subscribers()));
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
		return (int) this.feeds.topics().stream().filter(TopicFeed::isBehind).count();
	}

	/** Lets all topic messages pass the interceptor on their way to the sockets. */
	public void intercept(FrameInterceptor interceptor) {
		this.connections.intercept(interceptor);
	}

	/** Called by the delivery, which is made before the connections. */
	private boolean isIntercepted() {
		return this.connections.activeInterceptor() != null;
	}

	/**
	 * A connection came; it is served by one of the hub's own threads. A hub that closes
	 * or refuses connections closes it with 1012 at once, and it is never one of
	 * {@link #connections()}.
	 * @param id unique on this node
	 * @param transport writes to its socket
	 */
	public Connection connect(String id, Transport transport) {
		return this.connections.open(id, transport,
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
			throw new IllegalArgumentException("The hub was not created with this event loop: " + eventLoop);
		}
		return this.connections.open(id, transport, shard);
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
	public void scheduleReconnect(Connection connection, Duration after) {
		this.connections.scheduleReconnect(connection, after);
	}

	/** Whether new connections are refused, until this is called again. */
	public void refuseConnections(boolean refusing) {
		this.connections.refuse(refusing);
	}

	@Override
	public void onMessage(TopicMessage message) {
		this.feeds.onMessage(message);
	}

	@Override
	public void onSignal(Signal signal) {
		this.feeds.onSignal(signal);
	}

	@Override
	public void onReconnected() {
		this.feeds.onReconnected();
	}

	@Override
	public void onDropped() {
		this.feeds.onDropped();
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
		this.connections.closeAll();
		long end = this.environment.nanoTime() + Duration.ofMillis(400).toNanos();
		for (Loop thread : this.threads) {
			if (!thread.close(Duration.ofNanos(Math.max(0, end - this.environment.nanoTime())))) {
				thread.close();
			}
		}
		this.adopted.forEach(Loop::close);
		this.connections.closeSockets();
	}

	List<DeliveryShard> shards() {
		return this.delivery.shards();
	}

}
