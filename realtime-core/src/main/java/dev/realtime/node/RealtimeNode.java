package dev.realtime.node;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.hub.Hub;
import dev.realtime.journey.JourneyRequests;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance: a hub, a broker and presence, wired. The node owns what it is
 * given: {@link #close()} closes broker and presence.
 */
public final class RealtimeNode implements FleetMember {

	private enum State {

		NEW, RUNNING, DRAINING, CLOSED

	}

	private static final Logger logger = LoggerFactory.getLogger(RealtimeNode.class);

	/** How often a node that drains looks whether all are gone. */
	private static final Duration LOOK = Duration.ofMillis(50);

	private final String id;

	private final Broker broker;

	private final Presence presence;

	private final TopicPolicies policies;

	private final Hub hub;

	private final NodeListener listener;

	private final PresenceTracking tracking;

	private final ConnectionDrain departures;

	private final Environment environment;

	private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

	private final PublishCounts counts;

	private final PublishJourneys journeys;

	private volatile boolean refusing;

	private volatile @Nullable DrainListener drained;

	RealtimeNode(RealtimeNodeBuilder parts) {
		Loops loops = parts.loops;
		this.id = parts.id;
		this.broker = parts.broker;
		this.presence = parts.presence;
		this.policies = parts.policies;
		this.environment = loops.environment();
		this.counts = new PublishCounts(this.environment);
		this.tracking = new PresenceTracking(this.presence, this::publish, this.environment);
		this.hub = new Hub(parts.options, this.broker, new StompEncoder(parts.destinations, parts.tracesToClients),
				this.policies,
				(parts.subscribers != null) ? new BothListeners(this.tracking, parts.subscribers) : this.tracking,
				loops, parts.eventLoops);
		this.journeys = new PublishJourneys(this.hub.journeys(), this::publishCounted, this.environment);
		this.listener = new NodeListener(this.hub);
		this.departures = new ConnectionDrain(this.hub, this.environment);
	}

	/**
	 * Returns a builder of a node with these parts, which it will own; the rest has
	 * defaults.
	 * @param id names the node in the fleet
	 */
	public static RealtimeNodeBuilder builder(String id, Broker broker, Presence presence) {
		return new RealtimeNodeBuilder(id, broker, presence);
	}

	/** Connects broker and presence, then starts the hub's clocks; idempotent. */
	@Override
	public void start() {
		if (this.state.compareAndSet(State.NEW, State.RUNNING)) {
			this.broker.start(this.listener);
			this.tracking.start();
			this.hub.start();
		}
	}

	/** Names the node in the fleet. */
	@Override
	public String id() {
		return this.id;
	}

	/** Where connections come in. */
	public Hub hub() {
		return this.hub;
	}

	@Override
	public Broker broker() {
		return this.broker;
	}

	public Presence presence() {
		return this.presence;
	}

	public TopicPolicies policies() {
		return this.policies;
	}

	/** Messages published through this node. */
	@Override
	public long published() {
		return this.counts.published();
	}

	/** Messages that could not be published through this node. */
	@Override
	public long publishFailures() {
		return this.counts.failures();
	}

	/** Whether the node is started and not yet closed; it may be draining. */
	@Override
	public boolean isOpen() {
		State now = this.state.get();
		return now == State.RUNNING || now == State.DRAINING;
	}

	/** Whether the node is started, takes connections, and is not about to end. */
	public boolean isServing() {
		return this.state.get() == State.RUNNING && !this.refusing;
	}

	/**
	 * Sets whether new connections are closed with 1012 at once. Everything else goes on:
	 * open connections stay, and the node publishes and delivers.
	 */
	public void refuseConnections(boolean refusing) {
		this.refusing = refusing;
		this.hub.refuseConnections(refusing);
	}

	/** Whether {@link #refuseConnections} has been set. */
	public boolean isRefusingConnections() {
		return this.refusing;
	}

	/** Whether the node is connected to the other nodes, as far as is known. */
	public boolean isConnected() {
		return this.broker.isConnected();
	}

	@Override
	public Publication marked(Publication publication) {
		return this.journeys.requests().marked(publication);
	}

	@Override
	public void noteCommitted() {
		this.counts.committed();
	}

	@Override
	public void onPublished(PublishListener listener) {
		this.counts.listener(listener);
	}

	/** Publishes, with the topic's policy; see {@link dev.realtime.RealtimePublisher}. */
	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication) {
		return this.journeys.publish(publication);
	}

	/** Which next messages of this node's publishers have their journey noted. */
	public JourneyRequests journeyRequests() {
		return this.journeys.requests();
	}

	private CompletionStage<PublishReceipt> publishCounted(Publication publication) {
		return this.counts.counted(publication.topic(),
				() -> this.broker.publish(publication, this.policies.of(publication.topic())));
	}

	/** Tells a signal to the topic's subscribers, on all nodes; see {@link Signal}. */
	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return this.broker.signal(signal);
	}

	/**
	 * Listens to the signals on a topic of the engine's own, from the node's start on
	 * until it is closed. They do not go to the hub.
	 * @param topic a reserved one that no destination leads to
	 * @param listener called on the relay's I/O thread: must be quick and never block
	 * @return completes when signals arrive; if it fails, they arrive once the relay is
	 * connected
	 */
	public CompletionStage<Void> listen(Topic topic, Consumer<Signal> listener) {
		if (!topic.isReserved()) {
			throw new IllegalArgumentException("\"" + topic + "\" is not a reserved topic");
		}
		this.listener.listen(topic, listener);
		return this.broker.subscribe(topic);
	}

	/**
	 * Listens as {@link #listen(Topic, Consumer)} does, and also learns when signals may
	 * have been missed because the relay was away.
	 * @param reconnected called on the relay's thread when signals arrive again: must not
	 * block or throw
	 */
	public CompletionStage<Void> listen(Topic topic, Consumer<Signal> listener, Runnable reconnected) {
		CompletionStage<Void> listening = listen(topic, listener);
		this.listener.whenReconnected(reconnected);
		return listening;
	}

	/**
	 * Sends clients away while the node goes on: each is told when to reconnect and is
	 * closed with 1012 at that time. They are chosen at random among those that have not
	 * been told yet. Never blocks on a socket.
	 * @param most how many to send away at most
	 * @param within each of them goes at a random time within this one
	 * @return how many go
	 */
	public int scheduleReconnect(int most, Duration within) {
		return isOpen() ? this.departures.scheduleReconnect(most, within) : 0;
	}

	/**
	 * Sends some clients away because other nodes have fewer; none while the node leaves.
	 * Each is told when to reconnect and is closed with 1012 at that time, as by
	 * {@link #scheduleReconnect}. Never blocks on a socket.
	 * <p>
	 * Those whose connection has been open for longest go first. The load balancer placed
	 * them before it knew of newer nodes; and who has stayed for long is likely to stay
	 * on, so few have to move, while many of the newest are about to leave by themselves.
	 * A client that has moved has a new connection, so it is the last to move again, and
	 * not before {@code minAge} is over, on whichever node it is then. How much state a
	 * connection has does not matter: a client recovers each subscription from the log,
	 * and the pace bounds what that costs.
	 * <p>
	 * Clients without control events stay: they do not know when to come back, nor how to
	 * recover. So do those with a subscription that is just being opened.
	 * @param most how many to send away at most
	 * @param within each of them goes at a random time within this one
	 * @param minAge connections that were opened less than this ago stay
	 * @return how many go
	 */
	public int rebalance(int most, Duration within, Duration minAge) {
		return isServing() ? this.departures.sendOldest(most, within, minAge) : 0;
	}

	/** Connections that have not been told to go. */
	public int staying() {
		return this.departures.staying();
	}

	/**
	 * Leaves politely: each client is told when to reconnect, spread evenly so that the
	 * other nodes are not stormed, and is closed with 1012 at that time. Blocks until all
	 * are gone, or for the timeout. Does nothing more if the node has refused connections
	 * before and has none left.
	 * @param spread over which time the clients are sent away
	 * @param timeout how long to wait at most
	 */
	public void drain(Duration spread, Duration timeout) {
		if (!this.state.compareAndSet(State.RUNNING, State.DRAINING)) {
			return;
		}
		if (this.refusing && this.hub.connections().isEmpty()) {
			return;
		}
		long began = this.environment.nanoTime();
		long end = began + spread.toNanos();
		long deadline = began + Math.max(spread.toNanos(), timeout.toNanos());
		while (this.environment.nanoTime() - deadline < 0 && !this.hub.connections().isEmpty()
				&& !Thread.currentThread().isInterrupted()) {
			// Some may still come in: they are sent away in what is left of the time.
			long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - this.environment.nanoTime()));
			this.departures.scheduleReconnect(Integer.MAX_VALUE, Duration.ofMillis(left));
			this.environment.pause(LOOK);
		}
		noteDrained(this.environment.nanoTime() - began, this.hub.connections().size());
	}

	/**
	 * Tells the listener that clients were sent away, however it was done.
	 * @param nanos how long it took
	 * @param left connections that are still open
	 */
	public void noteDrained(long nanos, int left) {
		if (left > 0) {
			logger.warn(
					"{} connections did not end within {} ms of draining; they are closed when the node ends, at the latest",
					left, TimeUnit.NANOSECONDS.toMillis(nanos));
		}
		DrainListener listener = this.drained;
		if (listener != null) {
			try {
				listener.drained(nanos, left);
			}
			catch (Throwable ex) {
				logger.error("A listener failed to note the end of the drain", ex);
			}
		}
	}

	/** Tells how long each drain took, once it is over. */
	public void onDrained(DrainListener listener) {
		this.drained = listener;
	}

	/**
	 * Closes the hub with all connections (1012), then presence and broker; idempotent;
	 * at most 13 s.
	 */
	@Override
	public void close() {
		if (this.state.getAndSet(State.CLOSED) == State.CLOSED) {
			return;
		}
		this.hub.close();
		this.tracking.close();
		this.broker.close();
	}

}
