package dev.realtime.relay.redis;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the connections that listen, and in them a subscription for all that is wanted.
 * All but {@link #isConnected} and {@link #close} is called on the relay's thread.
 */
interface Keeper {

	/** Connects; fails when that is not possible. */
	void start();

	/** Whether subscriptions can be confirmed now. Any thread. */
	boolean isConnected();

	/**
	 * Why there is no connection, or why a channel is refused, as a sentence; null if all
	 * is well or the reason is not known. Any thread.
	 */
	@Nullable String problem();

	/** Subscribes, and again after each loss until it is no longer wanted. */
	void want(Channel channel, CompletableFuture<Void> confirmed);

	/** Subscribes no longer. */
	void unwant(Channel channel);

	/** Any thread; blocks some seconds at most. */
	void close();

}
