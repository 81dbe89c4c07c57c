package dev.realtime.relay.postgres;

import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import javax.sql.DataSource;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.relay.ListenerFailures;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import org.jspecify.annotations.Nullable;

/**
 * The relay over PostgreSQL's NOTIFY and LISTEN, for messages whose log is in the same
 * database: of a message only its number is sent, and the other nodes read it from the
 * log, many with one statement. So it must be stored, and committed, before it is
 * announced. The node that announces gets it at once, on the announcing thread; another
 * one on a thread of the relay's. Signals are sent as a whole.
 * <p>
 * One connection is taken for LISTEN and kept. Where LISTEN does not work, as behind
 * PgBouncer in transaction mode, the node reads a table instead and says so. NOTIFY goes
 * through the pool, one for all that is announced within a few milliseconds.
 */
public final class PostgresRelay implements Relay {

	private final LoopbackRelay local;

	private final ListenerFailures failures;

	private final Loop thread;

	private final Outbound outbound;

	private final Inbound inbound;

	private final RelayKeeper keeper;

	private volatile @Nullable Listener listener;

	/**
	 * A relay that is not yet connected.
	 * @param dataSource gives the connection that listens, which takes one place of a
	 * pool until the relay is closed
	 * @param database where the log is; its connections send and read, two at a time
	 * @param clock tells which messages have outlived their time
	 * @param loops makes the relay's threads
	 */
	public PostgresRelay(DataSource dataSource, JdbcDatabase database, PostgresRelayOptions options, Clock clock,
			Loops loops) {
		String node = Epochs.next(loops.environment().secureRandom());
		this.local = new LoopbackRelay(loops.environment());
		this.failures = new ListenerFailures(loops.environment());
		this.thread = loops.loop("realtime-relay");
		this.outbound = new Outbound(database, new Notices(node), options.notifyInterval(),
				loops.loop("realtime-relay-sender"));
		this.inbound = new Inbound(node, database, this.local, clock, loops.loop("realtime-relay-reader"));
		this.keeper = new RelayKeeper(dataSource, database, node, options, this.outbound, this.inbound,
				this::reconnected, this.thread);
	}

	/**
	 * Connects and finds out whether LISTEN works, blocking up to the pool's timeout and
	 * that of a probe.
	 * @throws IllegalStateException when the database is away, is no PostgreSQL or lacks
	 * the schema
	 */
	@Override
	public void start(Listener listener) {
		this.listener = listener;
		this.local.start(listener);
		CompletableFuture<Void> started = new CompletableFuture<>();
		boolean accepted = this.thread.tryExecute(() -> {
			try {
				this.keeper.start();
				started.complete(null);
			}
			catch (SQLException ex) {
				started.completeExceptionally(
						new IllegalStateException("The relay cannot use the database: " + ex.getMessage(), ex));
			}
			catch (Throwable ex) {
				started.completeExceptionally(ex);
			}
		});
		if (!accepted) {
			throw new IllegalStateException("The relay is closed");
		}
		try {
			Void unused = this.thread.environment().join(started);
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw ex;
		}
	}

	/** {@inheritDoc} In force at once, unless the relay is away. */
	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return inForce(this.local.subscribe(topic));
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return this.local.unsubscribe(topic);
	}

	/** {@inheritDoc} In force at once, unless the relay is away. */
	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return inForce(this.local.subscribe(pattern));
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return this.local.unsubscribe(pattern);
	}

	/**
	 * {@inheritDoc}
	 * @param message one that is committed in the log
	 */
	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		var unused = this.local.announce(message);
		return this.outbound.moved(message);
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		var unused = this.local.signal(signal);
		return this.outbound.signal(signal);
	}

	@Override
	public boolean isConnected() {
		return this.keeper.state() != RelayKeeper.State.AWAY;
	}

	/** Whether it reads a table, because LISTEN does not work. */
	public boolean isPolling() {
		return this.keeper.state() == RelayKeeper.State.POLLING;
	}

	@Override
	public void close() {
		this.listener = null;
		this.local.close();
		this.keeper.close();
		this.outbound.close();
		this.inbound.close();
	}

	private CompletionStage<Void> inForce(CompletionStage<Void> wanted) {
		return (this.listener == null || isConnected()) ? wanted : CompletableFuture
			.failedFuture(new IllegalStateException("The relay is unavailable: PostgreSQL is not connected"));
	}

	private void reconnected() {
		Listener current = this.listener;
		try {
			if (current != null) {
				current.onReconnected();
			}
		}
		catch (Throwable ex) {
			this.failures.onReconnected(ex);
		}
	}

}
