package dev.realtime.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one {@link RelaySession} open, and in it everything that is wanted. Everything
 * but {@link #isConnected}, {@link #session}, {@link #away} and {@link #close} runs on
 * the relay's thread, so its state needs no locks.
 *
 * <pre>
 * start → LISTENING ── lost, or not confirmed in time ──→ AWAY ── opened ──→ RESTORING
 *             ↑                                            ↑                  │     │
 *             │                                            └────── lost ──────┘     │
 *             └──── all that is wanted is confirmed, then onReconnected ────────────┘
 * </pre>
 *
 * One confirmation serves all subscriptions that were sent before it, so many topics take
 * one round trip.
 */
final class SessionKeeper {

	private static final Logger logger = LoggerFactory.getLogger(SessionKeeper.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	private final String engine;

	private final RelaySession.Opener opener;

	private final Incoming incoming;

	private final LateAnnouncements late;

	private final Loop thread;

	private final Duration timeout;

	private final Duration checkInterval;

	/** What is wanted, and whether the present session has been asked for it. */
	private final Map<Subscription, Boolean> wanted = new LinkedHashMap<>();

	/** What waits for the next confirmation. */
	private final List<Unconfirmed> unconfirmed = new ArrayList<>();

	private final DroppedMessages dropped;

	private Duration pause = FIRST_PAUSE;

	/** Whether another attempt to connect is scheduled. */
	private boolean connecting;

	private volatile @Nullable RelaySession session;

	private volatile boolean restored;

	private volatile boolean closed;

	SessionKeeper(String engine, RelaySession.Opener opener, Incoming incoming, LateAnnouncements late, Loop thread,
			Duration timeout, Duration checkInterval) {
		this.engine = engine;
		this.opener = opener;
		this.incoming = incoming;
		this.late = late;
		this.thread = thread;
		this.dropped = new DroppedMessages(engine, incoming, thread, () -> this.restored);
		this.timeout = timeout;
		this.checkInterval = checkInterval;
	}

	/** Whether everything that is wanted was confirmed in a session that is open. */
	boolean isConnected() {
		RelaySession current = this.session;
		return this.restored && current != null && current.isOpen();
	}

	/** The open session, or null. */
	@Nullable RelaySession session() {
		return this.session;
	}

	RelayUnavailableException away() {
		return new RelayUnavailableException(this.engine + " is not connected; the connection is retried automatically",
				null);
	}

	void start() {
		open();
		this.restored = true;
		this.thread.every(this.checkInterval, this::check);
	}

	void want(Subscription subscription, CompletableFuture<Void> confirmed) {
		this.incoming.add(subscription);
		if (!this.wanted.getOrDefault(subscription, false)) {
			this.wanted.put(subscription, false);
			Throwable failure = ask(subscription);
			if (failure != null) {
				confirmed.completeExceptionally(failure);
				return;
			}
		}
		this.unconfirmed.add(new Unconfirmed(subscription, confirmed));
		if (this.unconfirmed.size() == 1) {
			this.thread.execute(this::confirm);
		}
	}

	void unwant(Subscription subscription) {
		this.incoming.remove(subscription);
		RelaySession current = this.session;
		Boolean asked = this.wanted.remove(subscription);
		if (asked != null && asked && current != null) {
			try {
				current.unsubscribe(subscription);
			}
			catch (Throwable ex) {
				noteError(ex);
				logger.debug("{} did not accept the end of the subscription of \"{}\"", this.engine, subscription, ex);
				lost(current, ex);
			}
		}
	}

	/** Any thread. */
	void close() {
		this.closed = true;
		RelaySession current = this.session;
		if (current != null) {
			current.close();
		}
	}

	/** Returns why it could not be sent, or null. */
	private @Nullable Throwable ask(Subscription subscription) {
		RelaySession current = this.session;
		if (current == null) {
			return away();
		}
		try {
			current.subscribe(subscription);
			this.wanted.put(subscription, true);
			return null;
		}
		catch (Throwable ex) {
			noteError(ex);
			if (!current.isOpen()) {
				lost(current, ex);
			}
			return new RelayUnavailableException(
					this.engine + " does not accept the subscription of \"" + subscription + "\": " + ex.getMessage(),
					ex);
		}
	}

	private void confirm() {
		RelaySession current = this.session;
		List<Unconfirmed> waiting = List.copyOf(this.unconfirmed);
		this.unconfirmed.clear();
		Throwable failure = (current != null) ? confirmed(current) : away();
		for (Unconfirmed each : waiting) {
			if (failure != null) {
				each.stage().completeExceptionally(failure);
			}
			else {
				if (this.wanted.containsKey(each.subscription())) {
					this.incoming.confirmed(each.subscription());
				}
				each.stage().complete(null);
			}
		}
	}

	/** Returns why nothing was confirmed, or null. */
	private @Nullable Throwable confirmed(RelaySession current) {
		long confirming = this.late.confirming();
		try {
			current.confirm(this.timeout);
			this.late.confirmed(confirming);
			return null;
		}
		catch (Throwable ex) {
			noteError(ex);
			if (!this.closed) {
				lost(current, ex);
			}
			return new RelayUnavailableException(
					this.engine + " did not confirm within " + this.timeout.toMillis() + " ms", ex);
		}
	}

	private void noteError(Throwable failure) {
		if (failure instanceof Error) {
			this.thread.failed(failure);
		}
	}

	private void open() {
		SessionEvents events = new SessionEvents(this.thread, (lost) -> lost(lost, null), this.dropped::report);
		RelaySession opened = this.opener.open(this.incoming, events);
		events.of(opened);
		this.session = opened;
		if (this.closed) {
			opened.close();
		}
	}

	private void lost(RelaySession lost, @Nullable Throwable why) {
		if (this.session == lost && !this.closed) {
			logger.warn("The relay lost its connection to {}; {} subscriptions are restored on a new connection{}",
					this.engine, this.wanted.size(), (why != null) ? ": " + why : "");
			leave(lost);
			this.connecting = true;
			this.thread.execute(this::connect);
		}
	}

	private void leave(RelaySession lost) {
		this.session = null;
		this.restored = false;
		this.incoming.nothingConfirmed();
		this.late.lost();
		this.wanted.replaceAll((subscription, asked) -> false);
		this.thread.contain(lost::close);
	}

	private void connect() {
		this.connecting = false;
		if (this.closed || this.session != null) {
			return;
		}
		try {
			open();
			restore();
		}
		catch (RuntimeException ex) {
			logger.debug("The relay cannot connect to {} yet", this.engine, ex);
			connectLater();
		}
		catch (Error ex) {
			this.thread.failed(ex);
			connectLater();
		}
	}

	private void connectLater() {
		RelaySession unusable = this.session;
		if (unusable != null) {
			leave(unusable);
		}
		if (!this.closed && !this.connecting) {
			long millis = this.pause.toMillis();
			long jitter = this.thread.environment().random().nextLong(millis / 2 + 1);
			this.thread.after(Duration.ofMillis(millis + jitter), this::connect);
			this.connecting = true;
			this.pause = Duration.ofMillis(Math.min(LONGEST_PAUSE.toMillis(), millis * 2));
		}
	}

	/** A subscription that the engine refuses does not keep the others waiting. */
	private void restore() {
		RelaySession current = this.session;
		if (current == null) {
			return;
		}
		for (Subscription each : List.copyOf(this.wanted.keySet())) {
			Throwable failure = ask(each);
			if (failure != null && this.session == current) {
				logger.warn("{}; trying again", failure.getMessage());
			}
		}
		if (this.session == current && confirmed(current) == null && this.session == current) {
			this.wanted.forEach((each, asked) -> {
				if (asked) {
					this.incoming.confirmed(each);
				}
			});
			this.pause = FIRST_PAUSE;
			this.restored = true;
			logger.info("The relay is connected to {} again", this.engine);
			this.late.announce(current);
			this.dropped.compare();
		}
	}

	/**
	 * From time to time: is the connection alive, and is anything not subscribed?
	 * Whatever an error has left undone is done here.
	 */
	private void check() {
		RelaySession current = this.session;
		if (current == null) {
			if (!this.connecting) {
				connect();
			}
			return;
		}
		if (!current.isOpen()) {
			lost(current, null);
			return;
		}
		if (!this.restored) {
			restore();
			return;
		}
		List<Subscription> undone = this.wanted.keySet()
			.stream()
			.filter((each) -> !Boolean.TRUE.equals(this.wanted.get(each)))
			.toList();
		undone.forEach(this::ask);
		if (confirmed(current) == null) {
			undone.stream()
				.filter((each) -> Boolean.TRUE.equals(this.wanted.get(each)))
				.forEach(this.incoming::confirmed);
			this.late.announce(current);
		}
	}

	/** A subscription, and who waits for its confirmation. */
	private record Unconfirmed(Subscription subscription, CompletableFuture<Void> stage) {
	}

}
