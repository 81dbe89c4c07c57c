package dev.realtime.isolation;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.isolation.Isolation.State;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whether this node is cut off from the relay while enough others reach it. Such
 * a node is of no use to its clients: it sends them away at the pace of a drain, takes no
 * part in the fleet's readiness, and comes back by itself. If the relay is away for all,
 * or it is not known how the others are, nothing happens.
 * <p>
 * Others count when something has passed the relay there and back a moment ago, after
 * this node lost it: a connection that only looks open is no reason to send clients
 * there. Everything but the readings runs on one thread.
 */
public final class IsolationWatch implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(IsolationWatch.class);

	/** How long a proof that the relay works counts, in halves of an interval. */
	private static final int FRESH_HALVES = 5;

	private static final Duration STEP = Duration.ofMillis(500);

	/** While all is well the others are asked this seldom, to find mistakes in time. */
	private static final Duration CHECK = Duration.ofMinutes(1);

	private static final Duration FIRST_CHECK = Duration.ofSeconds(10);

	private static final Duration CLOSING = Duration.ofSeconds(2);

	private final RealtimeNode node;

	private final IsolationOptions options;

	private final Peers peers;

	private final Readiness readiness;

	private final Environment environment;

	private final RelayProbe probe;

	private final Isolation isolation;

	private final @Nullable Loop loop;

	private final AtomicLong isolations = new AtomicLong();

	private final AtomicLong sentAway = new AtomicLong();

	private final LogThrottle failures;

	private final LogThrottle keeping;

	private long turnNanos;

	private long checkNanos;

	/** Whether the first of two looks was taken. */
	private boolean checking;

	private @Nullable DrainProgress leaving;

	private volatile State state = State.CONNECTED;

	private volatile PeerView view = PeerView.NONE;

	/**
	 * Watches nothing before {@link #start()}.
	 * @param peers closed with this
	 * @param readiness what tells load balancers
	 * @param loops makes the thread
	 */
	public IsolationWatch(RealtimeNode node, IsolationOptions options, Peers peers, Readiness readiness, Loops loops) {
		this.environment = loops.environment();
		this.failures = new LogThrottle(this.environment);
		this.keeping = new LogThrottle(this.environment);
		this.node = node;
		this.options = options;
		this.peers = peers;
		this.readiness = readiness;
		this.probe = new RelayProbe(node, options.interval().multipliedBy(FRESH_HALVES).dividedBy(2), this.environment);
		this.isolation = new Isolation(options);
		this.loop = (peers != Peers.NONE) ? loops.loop("realtime-isolation") : null;
		long now = this.environment.nanoTime();
		this.turnNanos = now - options.interval().toNanos();
		this.checkNanos = now + FIRST_CHECK.toNanos();
	}

	/** Whether there is a way to learn how the others are; otherwise it does nothing. */
	public boolean isActive() {
		return this.loop != null;
	}

	/** Begins; called once. */
	public void start() {
		Loop known = this.loop;
		if (known != null) {
			this.probe.start();
			Duration interval = this.options.interval();
			known.every((interval.compareTo(STEP) < 0) ? interval : STEP, () -> step(known));
		}
	}

	/** Whether this node is cut off and sends its clients away, or is about to return. */
	public boolean isIsolated() {
		return this.state.isIsolated();
	}

	/**
	 * Whether this node can take the clients of others: something has passed the relay a
	 * moment ago, and the node is neither isolated nor drained.
	 */
	public boolean isReaching() {
		return reaches(this.environment.nanoTime()) && !isIsolated() && !this.node.isRefusingConnections();
	}

	/** The state in one word: connected, away, isolated or returning. */
	public String state() {
		return switch (this.state) {
			case CONNECTED -> "connected";
			case AWAY -> "away";
			case ISOLATED -> "isolated";
			case RETURNING -> "returning";
		};
	}

	/** What was last known of the other nodes. */
	public PeerView peers() {
		return this.view;
	}

	/** How often this node was isolated. */
	public long isolations() {
		return this.isolations.get();
	}

	/** Clients that were sent away because it was. */
	public long sentAway() {
		return this.sentAway.get();
	}

	/** Ends; idempotent; within 4 s. */
	@Override
	public void close() {
		Loop known = this.loop;
		if (known != null && !known.isClosed()) {
			var unused = known.close(CLOSING);
			this.peers.close();
		}
	}

	private boolean reaches(long nowNanos) {
		return this.node.broker().isConnected() && this.probe.isFresh(nowNanos);
	}

	private void step(Loop on) {
		if (!this.node.isOpen()) {
			return;
		}
		long now = this.environment.nanoTime();
		boolean turn = now - this.turnNanos >= this.options.interval().toNanos();
		PeerView seen = null;
		if (turn) {
			this.turnNanos = now;
			this.probe.send();
			seen = talk(now);
			on.progressed();
		}
		move(this.environment.nanoTime(), seen);
		boolean unused = on.contain(() -> this.readiness.set(!isIsolated()));
		scheduleReconnect(this.environment.nanoTime());
	}

	/** Returns what others say, if it matters now. */
	private @Nullable PeerView talk(long now) {
		try {
			this.peers.say(isReaching());
			if (this.isolation.needsView()) {
				this.view = this.peers.look();
				return this.view;
			}
			// the first of two looks may have nothing to compare with
			if (now - this.checkNanos >= 0) {
				this.view = this.peers.look();
				this.checkNanos = this.checking ? now + CHECK.toNanos() : now;
				this.checking = !this.checking;
				if (!this.peers.problem().isEmpty()) {
					failed(this.peers.problem());
				}
			}
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
		catch (Exception ex) {
			failed(ex.toString());
			this.view = PeerView.NONE;
			return this.isolation.needsView() ? PeerView.NONE : null;
		}
	}

	private void move(long now, @Nullable PeerView seen) {
		State before = this.isolation.state();
		State after = this.isolation.step(now, this.node.broker().isConnected(), reaches(now), seen);
		this.state = after;
		if (after != before) {
			moved(before, after);
		}
		else if (seen != null && this.isolation.isOverdue(now)) {
			long since = this.keeping.add();
			if (since > 0) {
				logger.warn(
						"This node does not reach the relay; {} other nodes reach it, too few or for too short a "
								+ "time to move clients to them. Clients stay connected to this node{}",
						seen, problem());
			}
		}
	}

	private void moved(State before, State after) {
		if (after == State.ISOLATED && before == State.AWAY) {
			this.isolations.incrementAndGet();
			int connections = this.node.hub().connections().size();
			this.leaving = new DrainProgress(this.environment.nanoTime(), connections, 0);
			logger.warn("This node has not reached the relay for {} s, but {} other nodes reach it. This node is no "
					+ "longer ready, and its {} clients are told to reconnect to the others. It accepts "
					+ "clients again when it reaches the relay; check the network between this node and "
					+ "the relay{}", this.options.after().toSeconds(), this.view, connections, problem());
		}
		else if (before == State.ISOLATED && after == State.AWAY) {
			logger.warn("This node does not reach the relay, but now only {} other nodes reach it: this node is "
					+ "ready again and keeps its clients", this.view);
		}
		else if (after == State.CONNECTED && before == State.RETURNING) {
			logger.info("This node has reached the relay for {} s: it is ready and accepts clients again",
					this.options.returnAfter().toSeconds());
		}
		else {
			logger.debug("The isolation state of this node changed from {} to {}", before, after);
		}
	}

	/** So many as are due by now, so that all go in the time of a drain. */
	private void scheduleReconnect(long now) {
		DrainProgress known = this.leaving;
		if (known != null && this.state == State.ISOLATED) {
			int due = known.due(now + STEP.toNanos(), this.options.spread());
			int gone = this.node.scheduleReconnect(due, STEP);
			this.sentAway.addAndGet(gone);
			// what came later goes at the same pace
			this.leaving = known.plus(due);
		}
	}

	private String problem() {
		String known = this.node.broker().problem();
		return (known != null) ? " (" + known + ')' : "";
	}

	private void failed(String problem) {
		long since = this.failures.add();
		if (since > 0) {
			logger.warn("This node cannot find out whether other nodes reach the relay, so it would keep its "
					+ "clients if it lost the relay: {} ({} times since this was last logged)", problem, since);
		}
	}

}
