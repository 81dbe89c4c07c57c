package dev.realtime.spring.sessions;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.Revision;
import dev.realtime.restriction.StoredRestriction;
import dev.realtime.spring.NodePart;
import dev.realtime.spring.SessionsProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node in step with the list of restrictions that the fleet shares.
 * <p>
 * A command is stored first, then applied here, then announced to the other nodes in a
 * signal on a topic of the engine's own. Each change has the next number, so a node that
 * missed one reads the whole list into its {@link RestrictionReplica}. It also does so
 * when the relay is back, and asks at each {@code check-interval}. When the store has
 * lost changes, it has another epoch, and each node stores again what it knows. What is
 * known stays in force until it expires, whatever becomes of the store.
 */
final class FleetSessions implements NodePart, AutoCloseable {

	/** Where nodes talk; no destination leads there. */
	static final Topic TOPIC = Topic.of("_fleet.sessions");

	private static final Logger logger = LoggerFactory.getLogger(FleetSessions.class);

	/** Signals that came and wait to be read; what is dropped is read from the list. */
	private static final int MAX_WAITING = 256;

	/** Stops before the node closes, after the clients have been sent away. */
	private static final int PHASE = 2_048;

	private static final Duration FIRST_READ = Duration.ofSeconds(5);

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private static final String PUT = "put";

	private static final String REMOVED = "removed";

	/** Names this life of this node. */
	private final String life;

	private final RealtimeNode node;

	private final RestrictionStore store;

	private final KnownRestrictions known;

	private final RestrictionReplica replica;

	private final SessionSearch search;

	private final UserSearch users;

	private final Loop loop;

	private final long staleNanos;

	private final AtomicInteger waiting = new AtomicInteger();

	/** How often signals may have been missed because the relay was away. */
	private final AtomicInteger reconnections = new AtomicInteger();

	/**
	 * Makes it.
	 * @param answers how long the other nodes may take to say which users they know
	 */
	FleetSessions(RealtimeNode node, RestrictionStore store, KnownRestrictions known, LocalSessions sessions,
			SessionsProperties properties, Duration answers, Loops loops) {
		this.life = node.id() + '~' + Epochs.next(loops.environment().secureRandom());
		this.node = node;
		this.store = store;
		this.known = known;
		this.loop = loops.loop("realtime-sessions");
		this.replica = new RestrictionReplica(store, known, new Enforcement(known, sessions, this.loop), this.loop);
		this.search = new SessionSearch(node.id(), sessions, this.loop, this::signal, store.isShared());
		this.users = new UserSearch(sessions, this.loop, this::signal, store.isShared(), this::link, answers);
		this.staleNanos = properties.staleAfter().toNanos();
		this.loop.every(properties.checkInterval(), this::read);
	}

	/** Reads the list, for 5 s at most; while it is not known, it is stale. */
	void begin() {
		this.node.listen(TOPIC, this::onSignal, this::reconnected).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Signals of other nodes cannot be received until the relay is connected", failure);
			}
			this.replica.readSoon();
		});
		this.loop.execute(this::read);
		this.replica.awaitFirstRead(FIRST_READ);
	}

	SessionSearch search() {
		return this.search;
	}

	UserSearch users() {
		return this.users;
	}

	/** Whether this node could not read the list for too long. */
	boolean isStale() {
		return this.replica.isStale(this.staleNanos);
	}

	/** Stores a restriction and applies it on all nodes. */
	CompletionStage<Void> put(Restriction restriction, Duration keep) {
		return this.store.put(restriction, keep).handleAsync((change, failure) -> {
			if (failure != null) {
				throw SessionsUnavailableException.of(failure);
			}
			StoredRestriction stored = change.stored();
			this.replica.changed(change.revision(), stored);
			announce(PUT,
					List.of(change.revision().epoch(), Long.toString(change.revision().number()),
							stored.restriction().key(), Long.toString(stored.left().toMillis()),
							stored.restriction().detail()));
			return null;
		}, this::execute);
	}

	/**
	 * Removes a restriction on all nodes.
	 * @return whether there was one
	 */
	CompletionStage<Boolean> remove(Restriction restriction) {
		return this.store.remove(restriction).handleAsync((change, failure) -> {
			if (failure != null) {
				throw SessionsUnavailableException.of(failure);
			}
			if (change != null) {
				this.replica.removed(change, restriction.key());
				announce(REMOVED, List.of(change.epoch(), Long.toString(change.number()), restriction.key()));
			}
			return change != null;
		}, this::execute);
	}

	/** Called at each check, on the loop. */
	private void read() {
		this.search.expire(this.loop.environment().nanoTime());
		this.replica.read();
	}

	/** A stage that waits for a closed loop would never end. */
	private void execute(Runnable task) {
		if (!this.loop.tryExecute(task)) {
			throw new RejectedExecutionException("The node is closed");
		}
	}

	/** Called on the relay's thread. */
	private void reconnected() {
		this.reconnections.incrementAndGet();
		this.replica.readSoon();
	}

	/** Says which connection to the other nodes this is; negative while there is none. */
	private long link() {
		return this.node.isConnected() ? this.reconnections.get() : -1;
	}

	/** Called on the relay's thread. */
	private void onSignal(Signal signal) {
		String from = signal.user();
		String payload = signal.payload();
		if (from == null || payload == null || from.equals(this.life)) {
			return;
		}
		if (UserSearch.isOwn(signal.type())) {
			this.users.arrived(signal.type(), payload);
		}
		else if (this.waiting.incrementAndGet() > MAX_WAITING || !this.loop.tryExecute(() -> {
			this.waiting.decrementAndGet();
			heard(signal.type(), payload);
		})) {
			this.waiting.decrementAndGet();
			this.replica.readSoon();
		}
	}

	private void heard(String type, String payload) {
		switch (type) {
			case PUT -> {
				List<String> words = Words.of(payload, 5);
				this.replica.changed(revision(words), new StoredRestriction(Restriction.of(words.get(2), words.get(4)),
						Duration.ofMillis(Long.parseLong(words.get(3))), Long.parseLong(words.get(1))));
			}
			case REMOVED -> {
				List<String> words = Words.of(payload, 3);
				this.replica.removed(revision(words), words.get(2));
			}
			default -> this.search.heard(type, payload);
		}
	}

	private static Revision revision(List<String> words) {
		return new Revision(words.get(0), Long.parseLong(words.get(1)));
	}

	private void announce(String type, List<String> words) {
		if (!this.store.isShared()) {
			return;
		}
		CompletionStage<Void> unused = signal(type, Words.text(words)).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.warn("A command about sessions is stored but could not be announced; other nodes apply it "
						+ "when they next check the list: {}", failure.toString());
			}
		});
	}

	private CompletionStage<Void> signal(String type, String payload) {
		return this.node.signal(new Signal(TOPIC, type, this.life, payload, null));
	}

	/** Which restrictions this node knows. */
	List<StoredRestriction> restrictions() {
		return this.known.all();
	}

	/** Does nothing: the list was read before, when this was made. */
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

	/** Closes the store too; idempotent; at most 3 s. */
	@Override
	public void close() {
		boolean unused = this.loop.close(CLOSING);
		this.store.close();
	}

}
