package dev.realtime.spring.drain;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.NodePart;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.drain.NodeReadiness.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes this node out of service on an operator's request: its readiness goes down, after
 * {@code realtime.drain.delay} it refuses new connections, and its clients are told to
 * reconnect, as at a shutdown. The rest of the application goes on, and publishes. The
 * node stays out of service until it is resumed or ends. It ends before the drain of a
 * shutdown, which finds no connections then. Safe for any number of threads; does not
 * block. Not for applications.
 */
public final class NodeDrain implements NodePart {

	private static final Logger logger = LoggerFactory.getLogger(NodeDrain.class);

	private static final Pattern LINE_BREAKING = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

	private static final Duration STEP = Duration.ofMillis(250);

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private final RealtimeNode node;

	private final RealtimeProperties.Drain times;

	private final NodeReadiness readiness;

	private final Loop loop;

	@GuardedBy("this")
	private boolean running;

	/** Counts commands, so that the steps of an earlier one end. */
	@GuardedBy("this")
	private int command;

	/** When the present state began. */
	@GuardedBy("this")
	private long sinceNanos;

	/** When the node was taken out of service, if it is. */
	@GuardedBy("this")
	private long leftNanos;

	/** Whether this drain's end, or that it took too long, has been noted. */
	@GuardedBy("this")
	private boolean noted;

	private volatile State state = State.SERVING;

	/**
	 * Makes one for a node that is in service.
	 * @param times how long the parts of a drain take
	 */
	NodeDrain(RealtimeNode node, RealtimeProperties.Drain times, NodeReadiness readiness, Loops loops) {
		this.node = node;
		this.times = times;
		this.readiness = readiness;
		this.loop = loops.loop("realtime-drain");
	}

	/** Returns how far it is. */
	public State state() {
		return this.state;
	}

	/** Returns how long the node has been out of service; zero while it is in service. */
	synchronized Duration age() {
		return (this.state != State.SERVING) ? Duration.ofNanos(this.loop.environment().nanoTime() - this.leftNanos)
				: Duration.ZERO;
	}

	/**
	 * Takes the node out of service.
	 * @param by who has asked for it
	 * @return false if it was out of service before, which then stays as it is
	 * @throws IllegalStateException if the node is about to end
	 */
	public synchronized boolean drain(String by) {
		checkRunning();
		if (this.state != State.SERVING) {
			return false;
		}
		logger.info("This node is taken out of service on request of {}: its readiness is down, and its {} clients are "
				+ "told to reconnect", oneLine(by), this.node.hub().connections().size());
		this.noted = false;
		enter(State.LEAVING);
		this.leftNanos = this.sinceNanos;
		int mine = ++this.command;
		this.loop.execute(() -> step(mine));
		return true;
	}

	/**
	 * Takes the node back into service. Clients that were told to reconnect go
	 * nevertheless.
	 * @param by who has asked for it
	 * @return false if it is in service
	 * @throws IllegalStateException if the node is about to end
	 */
	public synchronized boolean resume(String by) {
		checkRunning();
		if (this.state == State.SERVING) {
			// the last time a listener may have kept the readiness down
			accept();
			return false;
		}
		logger.info("This node is back in service on request of {}", oneLine(by));
		enter(State.SERVING);
		this.command++;
		this.node.refuseConnections(false);
		accept();
		return true;
	}

	private void accept() {
		this.loop.execute(() -> {
			if (this.state == State.SERVING) {
				this.readiness.set(Reason.DRAINED, true);
			}
		});
	}

	@Override
	public synchronized void start() {
		this.running = true;
	}

	/** Takes at most 1 s. */
	@Override
	public void stop() {
		synchronized (this) {
			this.running = false;
		}
		boolean unused = this.loop.close(CLOSING);
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/** Again and again on the loop, until the next command. */
	private void step(int mine) {
		if (!isCurrent(mine)) {
			return;
		}
		Loop.Delayed unusedNext = this.loop.after(STEP, () -> step(mine));
		boolean unused = this.loop.contain(() -> this.readiness.set(Reason.DRAINED, false));
		move(mine);
	}

	private synchronized boolean isCurrent(int mine) {
		return this.command == mine && this.running;
	}

	private synchronized void move(int mine) {
		if (!isCurrent(mine)) {
			return;
		}
		long nanos = this.loop.environment().nanoTime() - this.sinceNanos;
		if (this.state == State.LEAVING && nanos >= this.times.delay().toNanos()) {
			enter(State.DRAINING);
			this.node.refuseConnections(true);
			int unused = this.node.scheduleReconnect(Integer.MAX_VALUE, this.times.spread());
		}
		else if (this.state == State.DRAINING) {
			// those that were told are left out
			int unused = this.node.scheduleReconnect(Integer.MAX_VALUE, this.times.spread());
			int left = this.node.hub().connections().size();
			if (!this.noted && (left == 0 || nanos >= this.times.timeout().toNanos())) {
				this.noted = true;
				this.node.noteDrained(nanos, left);
			}
			if (left == 0) {
				enter(State.DRAINED);
				logger.info("This node is out of service and has no clients any more");
			}
		}
	}

	@GuardedBy("this")
	private void enter(State next) {
		this.state = next;
		this.sinceNanos = this.loop.environment().nanoTime();
	}

	@GuardedBy("this")
	private void checkRunning() {
		if (!this.running) {
			throw new IllegalStateException("The node is starting or about to end; repeat the command if it starts");
		}
	}

	/** A user's name may have line breaks, which a line of the log must not. */
	private static String oneLine(String name) {
		return LINE_BREAKING.matcher(name).replaceAll("?");
	}

	/** How far a node is out of service. */
	public enum State {

		/** In service. */
		SERVING,

		/** Not ready any more, and serves as before until load balancers notice. */
		LEAVING,

		/** Refuses new connections, and its clients go. */
		DRAINING,

		/** Has no connections, and refuses new ones. */
		DRAINED;

		/** The state for programs. */
		public String word() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
