package dev.realtime.relay.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ear open. All of it but {@link #state} and {@link #close} runs on the relay's
 * thread.
 *
 * <pre>
 * AWAY ── connected, and hears a NOTIFY of another connection ──→ LISTENING ── lost, or hears itself no more ──→ AWAY
 *   └──── connected, and hears none ──→ POLLING ── lost ──→ AWAY,   each 10 minutes: tries to listen ──→ LISTENING
 * </pre>
 *
 * That LISTEN works is known only when a NOTIFY of another connection has come: a pooler
 * that gives a connection to others after each transaction, such as PgBouncer, answers
 * LISTEN as if it did. A node that sends nothing by itself sends a probe.
 */
final class RelayKeeper {

	private static final Logger logger = LoggerFactory.getLogger(RelayKeeper.class);

	private static final Duration PATIENCE = Duration.ofMillis(250);

	private static final long FIRST_PAUSE_MILLIS = 50;

	private static final long LONGEST_PAUSE_MILLIS = 1_000;

	private static final long LISTEN_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(10);

	private static final Duration CLOSING = Duration.ofSeconds(2);

	private final DataSource dataSource;

	private final JdbcDatabase database;

	private final PostgresRelayOptions options;

	private final Outbound outbound;

	private final Inbound inbound;

	private final Runnable reconnected;

	private final String node;

	private final Loop thread;

	private @Nullable NoticeReceiver ear;

	private long pauseMillis = FIRST_PAUSE_MILLIS;

	/** When the probe was sent that was not heard yet, or 0. */
	private long probedNanos;

	private long triedNanos;

	private volatile State state = State.AWAY;

	private volatile boolean closed;

	RelayKeeper(DataSource dataSource, JdbcDatabase database, String node, PostgresRelayOptions options,
			Outbound outbound, Inbound inbound, Runnable reconnected, Loop thread) {
		this.dataSource = dataSource;
		this.database = database;
		this.node = node;
		this.options = options;
		this.outbound = outbound;
		this.inbound = inbound;
		this.reconnected = reconnected;
		this.thread = thread;
	}

	/** Any thread. */
	State state() {
		return this.state;
	}

	/** Opens the ear for the first time; blocks. */
	void start() throws SQLException {
		open();
		this.thread.every(this::pause, this::turn);
	}

	/** Any thread; blocks 2 s at most. */
	void close() {
		this.closed = true;
		this.state = State.AWAY;
		this.thread.execute(this::closeEar);
		boolean unused = this.thread.close(CLOSING);
	}

	private Duration pause() {
		return switch (this.state) {
			case LISTENING -> Duration.ZERO;
			case POLLING -> this.options.pollInterval();
			case AWAY -> {
				long millis = this.pauseMillis;
				this.pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * millis);
				yield Duration.ofMillis(millis + this.thread.environment().random().nextLong(millis / 2 + 1));
			}
		};
	}

	private void turn() {
		if (this.closed) {
			return;
		}
		try {
			if (this.ear == null) {
				open();
				logger.info("The relay is connected to PostgreSQL again");
				this.reconnected.run();
			}
			else {
				hear(this.ear);
			}
		}
		catch (SQLException | RuntimeException ex) {
			lost(ex);
		}
		catch (Error ex) {
			lost(ex);
			throw ex;
		}
	}

	private void hear(NoticeReceiver open) throws SQLException {
		open.hear(PATIENCE).forEach(this.inbound::accept);
		if (this.state == State.POLLING) {
			listenAgain();
			return;
		}
		long now = this.thread.environment().nanoTime();
		long silent = now - this.inbound.heardItselfNanos();
		long limit = this.options.probeTimeout().toNanos();
		if (silent <= 2 * limit) {
			this.probedNanos = 0;
		}
		else if (this.probedNanos == 0) {
			this.probedNanos = now;
			var unused = this.outbound.probe().whenComplete((done, failure) -> {
				if (failure != null) {
					logger.debug("A probe could not be sent", failure);
				}
			});
		}
		else if (now - this.probedNanos > limit) {
			if (open instanceof ListenReceiver listening) {
				listening.isDeaf();
			}
			throw new SQLException(
					"this node did not get its own notification back within " + this.options.probeTimeout());
		}
	}

	private void lost(Throwable cause) {
		if (this.state != State.AWAY) {
			logger.warn("The relay lost its connection to PostgreSQL; reconnecting: {}", cause.toString());
		}
		else {
			logger.debug("The relay cannot connect yet", cause);
		}
		closeEar();
	}

	private void closeEar() {
		NoticeReceiver open = this.ear;
		this.ear = null;
		this.state = State.AWAY;
		this.probedNanos = 0;
		if (open != null) {
			this.thread.contain(open::close);
		}
	}

	/** Listens if that works, else polls. */
	private void open() throws SQLException {
		ListenReceiver listening = listen();
		if (listening != null) {
			this.ear = listening;
			become(State.LISTENING);
			return;
		}
		this.ear = PollingReceiver.open(this.database, this.node);
		become(State.POLLING);
		logger.warn("LISTEN does not work on the connections of the data source: a NOTIFY of another connection "
				+ "did not arrive within {}, as behind PgBouncer with pool_mode=transaction. The relay reads "
				+ "a table every {} instead (realtime.relay.postgres.poll-interval); for faster delivery "
				+ "name a data source that connects to PostgreSQL directly (realtime.relay.postgres.data-source)",
				this.options.probeTimeout(), this.options.pollInterval());
	}

	private void become(State next) {
		this.pauseMillis = FIRST_PAUSE_MILLIS;
		this.state = this.closed ? State.AWAY : next;
	}

	private void listenAgain() throws SQLException {
		if (this.thread.environment().nanoTime() - this.triedNanos > LISTEN_AGAIN_NANOS) {
			ListenReceiver listening = listen();
			if (listening != null) {
				this.ear = listening;
				become(State.LISTENING);
				logger.info("LISTEN works now; the relay no longer polls");
				this.reconnected.run();
			}
		}
	}

	/** Returns null if it does not hear a NOTIFY of another connection. */
	private @Nullable ListenReceiver listen() throws SQLException {
		ListenReceiver listening = ListenReceiver.open(this.dataSource, this.options.statementTimeout());
		boolean works = false;
		try {
			works = hearsProbe(listening);
		}
		finally {
			this.triedNanos = this.thread.environment().nanoTime();
			if (!works) {
				listening.close();
			}
		}
		return works ? listening : null;
	}

	private boolean hearsProbe(ListenReceiver listening) throws SQLException {
		long begin = this.thread.environment().nanoTime();
		var unused = this.outbound.probe().whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("A probe could not be sent", failure);
			}
		});
		while (this.thread.environment().nanoTime() - begin < this.options.probeTimeout().toNanos() && !this.closed) {
			listening.hear(Duration.ofMillis(50)).forEach(this.inbound::accept);
			if (this.inbound.heardItselfNanos() - begin > 0) {
				return true;
			}
			this.thread.progressed();
		}
		return false;
	}

	/** How notices come. */
	enum State {

		/** Not now. */
		AWAY,

		/** By LISTEN. */
		LISTENING,

		/** From the table. */
		POLLING

	}

}
