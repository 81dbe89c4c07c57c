package dev.realtime.spring.users;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.NodePart;
import dev.realtime.spring.UserRegistryProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.simp.user.SimpUserRegistry;

/**
 * Tells the other nodes of this node's users, and remembers theirs.
 * <p>
 * Nodes talk in signals on a topic of the engine's own, which no destination leads to.
 * Signals may be lost, so each node numbers its pages, and one that finds a number
 * missing asks for a list of all sessions. A node says each {@code interval} what has
 * changed, and at least five times in {@code expiry} that it is alive; one that was
 * silent for {@code expiry} is taken for dead. While the relay is away, what is known
 * stays.
 * <p>
 * At most {@value #PAGES} pages leave in an interval, so that a list of many sessions
 * does not crowd out messages on the relay.
 */
public final class FleetRoster implements NodePart, AutoCloseable {

	/** Where nodes talk. */
	static final Topic TOPIC = Topic.of("_fleet.users");

	/** Pages that leave in one interval. */
	static final int PAGES = 16;

	private static final Logger logger = LoggerFactory.getLogger(FleetRoster.class);

	/** Signals that came and wait to be read; one that is dropped leaves a hole. */
	private static final int MAX_WAITING = 256;

	/** Stops before the node closes, after the clients have been sent away. */
	private static final int PHASE = 2_048;

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private static final String PAGE = "page";

	private static final String ASK = "ask";

	private static final String BYE = "bye";

	/** Names this life of this node. */
	private final String life;

	private final RealtimeNode node;

	private final Loop loop;

	private final Duration interval;

	private final long intervalNanos;

	private final long aliveNanos;

	private final RosterCuts cuts;

	private final RemoteRosters remote;

	private final AtomicInteger waiting = new AtomicInteger();

	private volatile @Nullable LocalRoster local;

	private volatile boolean listening;

	private boolean greeted;

	private long lastNumber;

	private long sentNanos;

	/** How many pages of the last interval are on their way. */
	private AtomicInteger sending = new AtomicInteger();

	/**
	 * Wires a roster; {@link #begin} lets it talk.
	 * @param loops makes its thread
	 */
	public FleetRoster(RealtimeNode node, UserRegistryProperties properties, Loops loops) {
		this.life = node.id() + '~' + Epochs.next(loops.environment().secureRandom());
		this.node = node;
		this.cuts = new RosterCuts(loops.environment());
		this.loop = loops.loop("realtime-user-registry");
		this.interval = properties.interval();
		this.intervalNanos = this.interval.toNanos();
		this.aliveNanos = properties.expiry().dividedBy(5).toNanos();
		this.remote = new RemoteRosters(properties.maxSessions(), properties.expiry().toNanos(), this.cuts);
	}

	/**
	 * Makes the registry of the fleet of the one of this node, and starts to talk.
	 * @param registry knows the users of this node
	 */
	SimpUserRegistry begin(SimpUserRegistry registry) {
		LocalRoster roster = new LocalRoster(registry, this.cuts);
		this.local = roster;
		this.node.listen(TOPIC, this::onSignal).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Signals of other nodes cannot be received until the relay is connected", failure);
			}
			this.listening = true;
		});
		this.loop.every(this.interval, () -> tick(roster));
		return new FleetUserRegistry(registry, this.remote, roster);
	}

	RemoteRosters remote() {
		return this.remote;
	}

	RosterCuts cuts() {
		return this.cuts;
	}

	/** Called on the relay's thread. */
	private void onSignal(Signal signal) {
		String from = signal.user();
		String payload = signal.payload();
		if (from == null || payload == null || from.equals(this.life)) {
			return;
		}
		if (this.waiting.incrementAndGet() > MAX_WAITING || !this.loop.tryExecute(() -> {
			this.waiting.decrementAndGet();
			read(signal.type(), from, payload);
		})) {
			this.waiting.decrementAndGet();
		}
	}

	private void read(String type, String from, String payload) {
		switch (type) {
			case PAGE -> this.remote.apply(from, RosterPage.of(payload), this.loop.environment().nanoTime());
			case BYE -> this.remote.remove(from);
			case ASK -> {
				LocalRoster roster = this.local;
				if (roster != null && (payload.isEmpty() || payload.equals(this.life))) {
					roster.listAll();
				}
			}
			default -> logger.debug("Ignored a signal \"{}\" of a newer node", type);
		}
	}

	private void tick(LocalRoster roster) {
		long now = this.loop.environment().nanoTime();
		if (!this.node.broker().isConnected()) {
			this.remote.excuse(now);
			return;
		}
		long silence = now - this.sentNanos;
		// Signals whose outcome stays unknown must not silence this node.
		if (this.sending.get() <= 0 || silence > this.aliveNanos) {
			tell(roster, silence > this.aliveNanos - this.intervalNanos, now);
		}
		this.remote.expire(now)
			.forEach((silent) -> logger.info("Removed the users of node {}, which has not been heard from for too long",
					silent));
		if (this.listening && !this.greeted) {
			this.greeted = true;
			signal(ASK, "");
		}
		this.remote.toAsk(now, 3 * this.intervalNanos).forEach((incomplete) -> signal(ASK, incomplete));
	}

	/** What is not told, because something throws, is part of the next list. */
	private void tell(LocalRoster roster, boolean isSilent, long now) {
		this.sending = new AtomicInteger();
		boolean told = false;
		try {
			List<RosterPage> pages = roster.next(PAGES);
			if (pages.isEmpty() && isSilent) {
				pages = List.of(RosterPage.empty());
			}
			pages.forEach((page) -> send(page, now));
			told = true;
		}
		finally {
			if (!told) {
				roster.listAll();
			}
		}
	}

	private void send(RosterPage page, long now) {
		this.sentNanos = now;
		AtomicInteger underWay = this.sending;
		underWay.incrementAndGet();
		CompletionStage<Void> unused = signal(PAGE, page.numbered(++this.lastNumber).text())
			.whenComplete((done, failure) -> underWay.decrementAndGet());
	}

	private CompletionStage<Void> signal(String type, String payload) {
		return this.node.signal(new Signal(TOPIC, type, this.life, payload, null));
	}

	/** Does nothing: it talks once there is a registry. */
	@Override
	public void start() {
	}

	@Override
	public void stop() {
		close();
	}

	@Override
	public boolean isRunning() {
		return !this.loop.isClosed();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/** Takes leave of the other nodes; idempotent; at most 2 s. */
	@Override
	public void close() {
		if (this.loop.isClosed()) {
			return;
		}
		boolean unused = this.loop.close(CLOSING);
		try {
			signal(BYE, "").toCompletableFuture().get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.debug("The other nodes could not be notified; they will notice that this node has left", ex);
		}
	}

}
