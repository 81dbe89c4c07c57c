package dev.realtime.hub;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionStats;
import dev.realtime.connection.Disconnects;
import dev.realtime.connection.RecoveryListener;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.TransportKind;
import dev.realtime.delivery.DeliveryStats;
import dev.realtime.feed.FeedStats;
import dev.realtime.feed.RepairCause;
import dev.realtime.feed.RepairListener;
import dev.realtime.loop.Environment;

/** What a hub counts; monotonic unless said otherwise. Safe for any number of threads. */
public final class HubStats {

	final DeliveryStats delivery;

	final FeedStats feeds;

	final ConnectionStats connections;

	HubStats(Environment environment) {
		this.delivery = new DeliveryStats(environment);
		this.feeds = new FeedStats(environment);
		this.connections = new ConnectionStats(environment);
	}

	/**
	 * Tells how many messages each recovery replays.
	 * @param listener called on shards: must be quick, never block
	 */
	public void onRecovery(ObjIntConsumer<Connection> listener) {
		this.connections.onRecovery(listener);
	}

	/**
	 * Tells when a message was offered to all live subscribers of a shard, which is after
	 * their sockets were written to, or when it waits in the queues of those that are
	 * slower. Of messages that are delivered together, the last one is told.
	 * @param listener called on shards: must be quick, never block
	 */
	public void onDelivered(Consumer<TopicMessage> listener) {
		this.delivery.onDelivered(listener);
	}

	/**
	 * Tells when messages with a {@link dev.realtime.Content#trace() trace}, one at
	 * least, were offered together to all live subscribers of a shard.
	 * @param listener gets them in their order, and keeps the list; called on shards:
	 * must be quick, never block
	 */
	public void onTraced(Consumer<List<TopicMessage>> listener) {
		this.delivery.onTraced(listener);
	}

	/**
	 * Tells how many nanoseconds each client waited, from when its connection came until
	 * the frame that says that it is connected was handed to the socket; not of clients
	 * that were refused.
	 * @param listener called on shards: must be quick, never block
	 */
	public void onConnected(ObjLongConsumer<TransportKind> listener) {
		this.connections.onConnected(listener);
	}

	/**
	 * Tells how long recoveries took, of subscriptions that named a position and are live
	 * now; not of wildcards.
	 */
	public void onRecovered(RecoveryListener listener) {
		this.connections.onRecovered(listener);
	}

	/**
	 * Tells of a message that was handed to a socket: the last one of one write in 64 of
	 * each shard, unless a recovery gave it or it is of a wildcard subscription.
	 * @param listener called on shards: must be quick, never block
	 */
	public void onWritten(Consumer<TopicMessage> listener) {
		this.connections.onWritten(listener);
	}

	/**
	 * Tells when this node closes a connection, and why; not when the client leaves.
	 * @param listener called on the connection's shard: must be quick, never block
	 */
	public void onClosing(BiConsumer<Connection, CloseReason> listener) {
		this.connections.onClosing(listener);
	}

	/**
	 * Tells of each message that the relay brings of a topic that this node follows.
	 * @param listener called on the relay's I/O thread: must be quick, never block
	 */
	public void onRelayed(Consumer<TopicMessage> listener) {
		this.feeds.onRelayed(listener);
	}

	/**
	 * Tells when messages of a topic could not be read any more and its subscribers were
	 * told so.
	 * @param listener gets the topic, and the reason and the range in words; called with
	 * the topic's lock held: must be quick, never block
	 */
	public void onGap(BiConsumer<Topic, String> listener) {
		this.feeds.onGap(listener);
	}

	/** Tells of each hole that was filled from the log. */
	public void onRepaired(RepairListener listener) {
		this.feeds.onRepaired(listener);
	}

	/** Why connections ended. */
	public Disconnects disconnects() {
		return this.connections.disconnects();
	}

	/** Messages offered to subscribers' queues. */
	public long delivered() {
		return this.delivery.delivered();
	}

	/**
	 * Batches handed to sockets: the fewer for what was delivered, the cheaper.
	 */
	public long writes() {
		return this.delivery.writes();
	}

	/** Messages dropped from full queues, each announced as part of a gap. */
	public long dropped() {
		return this.connections.dropped();
	}

	/**
	 * Messages that topics' rates left out, each counted once for all live subscribers of
	 * this node and announced to them as part of a gap.
	 */
	public long leftOut() {
		return this.delivery.leftOut();
	}

	/**
	 * Messages that waited for one slow subscriber until a newer one of their key came,
	 * each announced as part of a gap.
	 */
	public long conflated() {
		return this.connections.conflated();
	}

	/** Signals queued for subscribers. */
	public long signals() {
		return this.delivery.signals();
	}

	/** Signals that subscribers did not get because they were behind. */
	public long signalsDropped() {
		return this.delivery.signalsDropped();
	}

	/** Messages that an interceptor kept from one subscription, each part of a gap. */
	public long vetoed() {
		return this.connections.vetoed();
	}

	/** Messages that one subscription lacks because an interceptor threw. */
	public long interceptorFailures() {
		return this.connections.interceptorFailures();
	}

	/** Connections closed because their queue was full. */
	public long overflows() {
		return this.connections.overflows();
	}

	/** Holes that were filled from the log for this reason. */
	public long repairs(RepairCause cause) {
		return this.feeds.repairs(cause);
	}

	/** Holes that could not be filled, and were announced to the feed's subscribers. */
	public long gaps() {
		return this.feeds.gaps();
	}

	/** Bytes that wait in queues now. */
	public long queuedBytes() {
		return this.delivery.queuedBytes();
	}

	/** Subscriptions now. */
	public long subscriptions() {
		return this.connections.subscriptions();
	}

	/** Connections now. */
	public long connections() {
		return this.connections.connections();
	}

	/**
	 * Connections whose queue was half full, or whose socket had taken nothing for a
	 * second, when they were last looked at, which is about once a second.
	 */
	public long slow() {
		return this.connections.slow();
	}

	/** Connections of this kind now. */
	public long connections(TransportKind kind) {
		return this.connections.connections(kind);
	}

	/** Subscriptions that ended their recovery in this way. */
	public long recoveries(Recovery outcome) {
		return this.connections.recoveries(outcome);
	}

}
