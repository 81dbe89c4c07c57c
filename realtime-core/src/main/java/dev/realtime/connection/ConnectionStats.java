package dev.realtime.connection;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;

import dev.realtime.TopicMessage;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.delivery.ShardCounters;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * What a node's connections count; monotonic unless said otherwise. Safe for any number
 * of threads. Internal to the engine.
 */
public final class ConnectionStats {

	final LongAdder dropped = new LongAdder();

	final LongAdder overflows = new LongAdder();

	final LongAdder subscriptions = new LongAdder();

	final LongAdder slow = new LongAdder();

	private final LongAdder connections = new LongAdder();

	final LongAdder vetoed = new LongAdder();

	final LongAdder conflated = new LongAdder();

	final InterceptorFailures interceptorFailures;

	private final Disconnects disconnects = new Disconnects();

	private volatile @Nullable ObjIntConsumer<Connection> recoveryListener;

	private volatile @Nullable RecoveryListener recovered;

	private volatile @Nullable Consumer<TopicMessage> written;

	private volatile @Nullable BiConsumer<Connection, CloseReason> closeListener;

	private volatile @Nullable ObjLongConsumer<TransportKind> connectListener;

	private final Map<TransportKind, LongAdder> byTransport = new EnumMap<>(TransportKind.class);

	private final Map<Recovery, LongAdder> recoveries = new EnumMap<>(Recovery.class);

	/** Makes one that has counted nothing. */
	public ConnectionStats(Environment environment) {
		this.interceptorFailures = new InterceptorFailures(environment);
		for (Recovery recovery : Recovery.values()) {
			this.recoveries.put(recovery, new LongAdder());
		}
		for (TransportKind kind : TransportKind.values()) {
			this.byTransport.put(kind, new LongAdder());
		}
	}

	/**
	 * Reports how many messages each recovery replays.
	 * @param listener called on shards: must be quick, never block
	 */
	public void onRecovery(ObjIntConsumer<Connection> listener) {
		this.recoveryListener = listener;
	}

	/**
	 * Reports how many nanoseconds each client waited, from when its connection came
	 * until the frame that says so was handed to the socket; not of clients that were
	 * refused.
	 * @param listener called on shards: must be quick, never block
	 */
	public void onConnected(ObjLongConsumer<TransportKind> listener) {
		this.connectListener = listener;
	}

	/**
	 * Reports how long recoveries took, of subscriptions that named a position and are
	 * live now. Those that ended before are not reported, nor those of wildcards.
	 */
	public void onRecovered(RecoveryListener listener) {
		this.recovered = listener;
	}

	/**
	 * Reports a message that was handed to a socket: the last one of one write in
	 * {@value ShardCounters#SAMPLED} of each shard, unless a recovery gave it or it is of
	 * a wildcard subscription.
	 * @param listener called on shards: must be quick, never block
	 */
	public void onWritten(Consumer<TopicMessage> listener) {
		this.written = listener;
	}

	/**
	 * Reports when this node closes a connection, and why; not when the client leaves.
	 * @param listener called on the connection's shard: must be quick, never block
	 */
	public void onClosing(BiConsumer<Connection, CloseReason> listener) {
		this.closeListener = listener;
	}

	/** Why connections ended. */
	public Disconnects disconnects() {
		return this.disconnects;
	}

	/** Messages dropped from full queues. */
	public long dropped() {
		return this.dropped.sum();
	}

	/** Messages that waited until a newer one of their key came. */
	public long conflated() {
		return this.conflated.sum();
	}

	/** Messages that an interceptor kept from one subscription. */
	public long vetoed() {
		return this.vetoed.sum();
	}

	/** Messages that one subscription lacks because an interceptor threw. */
	public long interceptorFailures() {
		return this.interceptorFailures.sum();
	}

	/** Connections closed because their queue was full. */
	public long overflows() {
		return this.overflows.sum();
	}

	/** Subscriptions now. */
	public long subscriptions() {
		return this.subscriptions.sum();
	}

	/** Connections now. */
	public long connections() {
		return this.connections.sum();
	}

	/**
	 * Connections whose queue was half full, or whose socket had taken nothing for a
	 * second, when their clocks were last looked at, which is about once a second.
	 */
	public long slow() {
		return this.slow.sum();
	}

	/** Connections of this kind now. */
	public long connections(TransportKind kind) {
		return of(kind).sum();
	}

	/** Subscriptions that ended their recovery in this way. */
	public long recoveries(Recovery outcome) {
		return recovery(outcome).sum();
	}

	void opened(TransportKind kind) {
		this.connections.increment();
		of(kind).increment();
	}

	void closed(TransportKind kind) {
		this.connections.decrement();
		of(kind).decrement();
	}

	void connected(TransportKind kind, long nanos) {
		ObjLongConsumer<TransportKind> listener = this.connectListener;
		if (listener != null) {
			listener.accept(kind, nanos);
		}
	}

	void closing(Connection connection, CloseReason reason) {
		this.disconnects.closing(reason);
		BiConsumer<Connection, CloseReason> listener = this.closeListener;
		if (listener != null) {
			listener.accept(connection, reason);
		}
	}

	/** A recovery from a position replays so many messages. */
	void replays(Connection connection, int messages) {
		ObjIntConsumer<Connection> listener = this.recoveryListener;
		if (listener != null) {
			listener.accept(connection, messages);
		}
	}

	void recovered(Recovery outcome, long nanos, int messages) {
		RecoveryListener listener = this.recovered;
		if (listener != null) {
			listener.recovered(outcome, nanos, messages);
		}
	}

	void written(TopicMessage message) {
		Consumer<TopicMessage> listener = this.written;
		if (listener != null) {
			listener.accept(message);
		}
	}

	/** Messages that waited for one subscriber were replaced by newer ones. */
	void conflated(int messages) {
		if (messages > 0) {
			this.conflated.add(messages);
		}
	}

	void subscribed(Recovery outcome) {
		recovery(outcome).increment();
	}

	private LongAdder of(TransportKind kind) {
		return Objects.requireNonNull(this.byTransport.get(kind));
	}

	private LongAdder recovery(Recovery outcome) {
		return Objects.requireNonNull(this.recoveries.get(outcome));
	}

}
