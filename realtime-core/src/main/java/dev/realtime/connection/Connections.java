package dev.realtime.connection;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

import dev.realtime.TopicPolicies;
import dev.realtime.delivery.DeliveryShard;
import dev.realtime.delivery.Frame;
import dev.realtime.feed.Feeds;
import dev.realtime.log.BoundedReads;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * A node's connections, and what they share. Safe for any number of threads; nothing but
 * {@link #closeAll()} blocks. Internal to the engine.
 */
public final class Connections {

	final ConnectionOptions options;

	final FrameEncoder encoder;

	final ConnectionStats stats;

	final Loop clock;

	final Frame heartbeat;

	final ReplayPages pages;

	final SubscriberLifecycle subscribers;

	private final ConnectionListener listener;

	private final OpenConnections open;

	private volatile @Nullable FrameInterceptor interceptor;

	/**
	 * Makes one without connections.
	 * @param feeds what subscribers are fed by
	 * @param encoder makes the frames
	 * @param policies how topics are delivered
	 * @param listener told of subscribers coming and going
	 * @param reads the bound for recoveries' reads of the log
	 * @param clock runs timers, and what has to be contained
	 */
	public Connections(ConnectionOptions options, Feeds feeds, FrameEncoder encoder, TopicPolicies policies,
			ConnectionListener listener, ConnectionStats stats, BoundedReads reads, Loop clock) {
		this.options = options;
		this.encoder = encoder;
		this.stats = stats;
		this.clock = clock;
		this.listener = listener;
		this.heartbeat = Frame.of(encoder.heartbeat());
		this.pages = new ReplayPages(feeds.calls(), reads, encoder, options.pageSize(), options.sharedReplayBytes(),
				clock.environment());
		this.subscribers = new SubscriberLifecycle(feeds, policies, listener, stats, clock);
		this.open = new OpenConnections(clock.environment());
	}

	/** Starts the clock of what is kept for recoveries. */
	public void start() {
		this.clock.every(Duration.ofSeconds(1), () -> this.pages.expire(this.clock.environment().nanoTime()));
	}

	/**
	 * A connection came. One that comes when the node closes or refuses connections is
	 * closed with {@link CloseReason#RESTART} at once, and never one of {@link #all()}.
	 * @param id unique on this node
	 * @param transport writes to its socket
	 * @param shard serves it for its life
	 */
	public Connection open(String id, Transport transport, DeliveryShard shard) {
		Connection connection = new Connection(this, shard, id, transport);
		if (this.open.add(connection)) {
			this.stats.opened(connection.transport());
			shard.execute(() -> shard.opened(connection.writer));
		}
		else {
			connection.refuse(CloseReason.RESTART);
		}
		return connection;
	}

	/** The connection of this id, or null. */
	public @Nullable Connection get(String id) {
		return this.open.get(id);
	}

	/** All connections; a live view. */
	public Collection<Connection> all() {
		return Collections.unmodifiableCollection(this.open.all());
	}

	/** Lets all topic messages pass the interceptor on their way to the sockets. */
	public void intercept(FrameInterceptor interceptor) {
		this.interceptor = interceptor;
	}

	/** The interceptor, if messages must pass it now. */
	public @Nullable FrameInterceptor activeInterceptor() {
		FrameInterceptor known = this.interceptor;
		return (known != null && known.isActive()) ? known : null;
	}

	/**
	 * Advises the client to reconnect after the delay, and closes with
	 * {@link CloseReason#RESTART} then.
	 */
	public void scheduleReconnect(Connection connection, Duration after) {
		boolean unused = this.clock.contain(() -> connection.sendControl(this.encoder.reconnect(after)));
		this.clock.after(after, () -> connection.close(CloseReason.RESTART));
	}

	/** Whether new connections are refused, until this is called again. */
	public void refuse(boolean refusing) {
		this.open.refuse(refusing);
	}

	/**
	 * Takes no more connections.
	 * @return false when that was so before
	 */
	public boolean end() {
		return this.open.end();
	}

	/**
	 * Closes all with {@link CloseReason#RESTART}, and those that have not written what
	 * waits within a second without it. Takes at most 1.5 s.
	 */
	public void closeAll() {
		List.copyOf(this.open.all()).forEach((connection) -> connection.close(CloseReason.RESTART));
		if (!this.open.awaitAllGone(Duration.ofSeconds(1))) {
			List.copyOf(this.open.all()).forEach((connection) -> connection.closeNow(CloseReason.RESTART));
			boolean unused = this.open.awaitAllGone(Duration.ofMillis(500));
		}
	}

	/** Closes the sockets whose shard hangs. The shards must not run any more. */
	public void closeSockets() {
		List.copyOf(this.open.all()).forEach((connection) -> connection.writer.closeTransport(CloseReason.RESTART));
	}

	/** The connection's client has introduced itself. On its shard. */
	void introduced(Connection connection) {
		if (this.open.get(connection.id()) == connection) {
			connection.shard.contain(() -> this.listener.onConnected(connection));
		}
	}

	/** The connection's writer has ended. On its shard. */
	void closed(Connection connection) {
		if (this.open.remove(connection)) {
			this.stats.closed(connection.transport());
			this.listener.onClosed(connection);
		}
	}

}
