package dev.realtime.balance;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends clients of this node away while it has more than its share of the connections, so
 * that nodes that were added get some. Clients are told when to reconnect and are closed
 * with 1012, as by a drain, and recover; which ones go is described at
 * {@link RealtimeNode#rebalance}.
 * <p>
 * Each interval a node says on a topic of the engine's own how many connections it has. A
 * node is full while it has more than the mean and a tolerance: the threshold, but at
 * least three times the square root of the mean, which is how far a balancer that chooses
 * at random scatters nodes. It begins when it has been full for a time with the same
 * nodes in the fleet, and ends at half of the tolerance. Clients that are on their way
 * count where they came from. So at most the nodes above the mean send, each at its pace,
 * and two nodes never send clients to each other.
 * <p>
 * A node keeps its clients while it is not ready, leaves, or is without the relay, and
 * while it has not heard itself or another node for two intervals. A node that is silent
 * for three is forgotten, and the wait begins anew. If four times as many clients as were
 * too many have gone and the node is still full, the balancer returns them to it, and the
 * node stops for {@link #PAUSE}.
 */
public final class Rebalancing implements AutoCloseable {

	/** How long a node does nothing after its clients have come back to it. */
	static final Duration PAUSE = Duration.ofHours(1);

	private static final Logger logger = LoggerFactory.getLogger(Rebalancing.class);

	/** Reports that came and wait to be read; more are dropped. */
	private static final int MAX_WAITING = 10_000;

	/** What a node says that takes no clients. */
	private static final int NONE = -1;

	private static final Duration CLOSING = Duration.ofSeconds(1);

	/** Names this life of this node: another one might have its id. */
	private final String life;

	private final RealtimeNode node;

	private final BalanceOptions options;

	private final Topic topic;

	private final BooleanSupplier ready;

	private final Balance balance;

	private final Loop loop;

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicLong sentAway = new AtomicLong();

	private final LogThrottle lines;

	private final Environment environment;

	private long logged;

	private volatile boolean started;

	/**
	 * Does nothing before {@link #start()}.
	 * @param group nodes are compared with those of the same group, whose clients come
	 * through the same balancer; a name as a topic may have
	 * @param ready whether this node takes clients; quick
	 * @param loops makes the thread
	 */
	public Rebalancing(RealtimeNode node, String group, BalanceOptions options, BooleanSupplier ready, Loops loops) {
		this.environment = loops.environment();
		this.life = Epochs.next(this.environment.secureRandom());
		this.lines = new LogThrottle(this.environment);
		this.node = node;
		this.options = options;
		this.topic = Topic.of("_fleet.connections." + group);
		this.ready = ready;
		this.balance = new Balance(options, this.life, this.environment.nanoTime());
		this.loop = loops.loop("realtime-rebalancing");
	}

	/** Begins; called once. */
	public void start() {
		this.started = true;
		ignore(this.node.listen(this.topic, this::onSignal));
		this.loop.every(this.options.interval(), this::step);
	}

	/** Clients that were told to go because this node had more than its share. */
	public long sentAway() {
		return this.sentAway.get();
	}

	/**
	 * Ends, and tells the others that this node takes no clients any more; idempotent;
	 * within 1 s.
	 */
	@Override
	public void close() {
		if (this.loop.isClosed()) {
			return;
		}
		boolean unused = this.loop.close(CLOSING);
		if (this.started && this.node.isOpen()) {
			say(NONE);
		}
	}

	/** Called on the relay's thread. */
	private void onSignal(Signal signal) {
		if (this.waiting.incrementAndGet() > MAX_WAITING || !this.loop.tryExecute(() -> {
			this.waiting.decrementAndGet();
			heard(signal);
		})) {
			this.waiting.decrementAndGet();
		}
	}

	private void heard(Signal signal) {
		String payload = signal.payload();
		if (payload != null) {
			this.balance.heard(signal.type(), Integer.parseInt(payload), this.environment.nanoTime());
		}
	}

	private void step() {
		boolean takes = this.node.isServing() && this.ready.getAsBoolean() && this.node.isConnected();
		int staying = this.node.staying();
		long now = this.environment.nanoTime();
		say(takes ? this.balance.load(staying, now) : NONE);
		int most = this.balance.step(staying, takes, now);
		int gone = (most > 0) ? this.node.rebalance(most, this.options.interval(), this.options.minAge()) : 0;
		this.sentAway.addAndGet(gone);
		if (this.balance.went(gone, now)) {
			logger.warn(
					"Clients that were told to reconnect came back to this node: it still has {} connections, "
							+ "and {} nodes have {} on average. Rebalancing pauses for {} min; configure the "
							+ "load balancer to choose among all nodes, preferably by the fewest connections",
					staying, this.balance.nodes(), Math.round(this.balance.mean(staying)), PAUSE.toMinutes());
		}
		else if (gone > 0 && this.lines.add() > 0) {
			long total = this.sentAway.get();
			logger.info(
					"This node has {} connections, and {} nodes have {} on average: {} clients were told to reconnect "
							+ "since this was last logged, at most {} a minute",
					staying - gone, this.balance.nodes(), Math.round(this.balance.mean(staying - gone)),
					total - this.logged, this.options.clientsPerMinute());
			this.logged = total;
		}
	}

	/** What is not heard is said again an interval later. */
	private void say(int connections) {
		ignore(this.node.signal(new Signal(this.topic, this.life, null, Integer.toString(connections), null)));
	}

	private static void ignore(CompletionStage<Void> stage) {
		CompletionStage<Void> unused = stage.whenComplete((done, failure) -> {
			if (failure != null) {
				logger.trace("Nodes exchange their numbers of connections once the relay is connected", failure);
			}
		});
	}

}
