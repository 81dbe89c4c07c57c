package dev.realtime.relay.redis;

import java.util.concurrent.CompletableFuture;

/**
 * Keeps the connections that listen, and in them a subscription for all that is wanted.
 * All but {@link #isConnected} and {@link #close} is called on the relay's thread.
 */
interface Keeper {

	/** Connects; fails when that is not possible. */
	void start();

	/** Whether subscriptions can be confirmed now. Any thread. */
	boolean isConnected();

	/** Subscribes, and again after each loss until it is no longer wanted. */
	void want(Channel channel, CompletableFuture<Void> confirmed);

	/** Subscribes no longer. */
	void unwant(Channel channel);

	/** Any thread; blocks some seconds at most. */
	void close();

}
