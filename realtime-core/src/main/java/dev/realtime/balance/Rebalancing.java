package dev.realtime.balance;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends clients of this node away while it has more than its share, so that they come to
 * nodes that have fewer. Each interval a node says on a topic of the engine's own how
 * many connections it has. One that is not ready says that it takes none, and does not
 * count; so does one that was silent for three intervals. Nothing happens while the relay
 * is away, because a node must hear itself.
 */
public final class Rebalancing implements AutoCloseable {

	/** Where nodes talk. */
	static final Topic TOPIC = Topic.of("_fleet.connections");

	private static final Logger logger = LoggerFactory.getLogger(Rebalancing.class);

	private static final String TYPE = "connections";

	/** Reports that came and wait to be read; more are dropped. */
	private static final int MAX_WAITING = 10_000;

	private static final Duration CLOSING = Duration.ofSeconds(1);

	/** Names this life of this node. */
	private final String life;

	private final RealtimeNode node;

	private final BalanceOptions options;

	private final BooleanSupplier ready;

	private final Balance balance;

	private final Loop loop;

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicLong sentAway = new AtomicLong();

	private boolean going;

	/**
	 * Does nothing before {@link #start()}.
	 * @param ready whether this node takes clients; quick
	 * @param loops makes the thread
	 */
	public Rebalancing(RealtimeNode node, BalanceOptions options, BooleanSupplier ready, Loops loops) {
		this.life = node.id() + '~' + Epochs.next();
		this.node = node;
		this.options = options;
		this.ready = ready;
		this.balance = new Balance(options, System.nanoTime());
		this.loop = loops.loop("realtime-rebalancing");
	}

	/** Begins; called once. */
	public void start() {
		CompletionStage<Void> unused = this.node.listen(TOPIC, this::onSignal).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Other nodes are heard once the relay is connected", failure);
			}
		});
		this.loop.every(this.options.interval(), this::step);
	}

	/** Clients that were sent away because this node had more than its share. */
	public long sentAway() {
		return this.sentAway.get();
	}

	/** Ends; idempotent; within 1 s. The others forget this node after three intervals. */
	@Override
	public void close() {
		var unused = this.loop.close(CLOSING);
	}

	/** Called on the relay's thread. */
	private void onSignal(Signal signal) {
		String from = signal.user();
		String payload = signal.payload();
		if (from == null || payload == null || !TYPE.equals(signal.type())) {
			return;
		}
		if (this.waiting.incrementAndGet() > MAX_WAITING || !this.loop.tryExecute(() -> {
			this.waiting.decrementAndGet();
			this.balance.heard(from, Integer.parseInt(payload), System.nanoTime());
		})) {
			this.waiting.decrementAndGet();
		}
	}

	private void step() {
		boolean takes = this.node.isOpen() && this.ready.getAsBoolean();
		int connections = this.node.staying();
		CompletionStage<Void> unused = this.node
			.signal(new Signal(TOPIC, TYPE, this.life, Integer.toString(takes ? connections : -1), null));
		int most = this.balance.step(this.life, connections, System.nanoTime());
		boolean before = this.going;
		this.going = takes && most > 0;
		if (this.going) {
			this.sentAway.addAndGet(this.node.sendAway(most, this.options.interval()));
			if (!before) {
				logger.info("This node has {} connections, more than its share of {} nodes: it sends {} clients a minute "
						+ "at most to others", connections, this.balance.nodes(), this.options.clientsPerMinute());
			}
		}
	}

}
