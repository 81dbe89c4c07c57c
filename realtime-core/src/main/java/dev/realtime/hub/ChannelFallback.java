package dev.realtime.hub;

import dev.realtime.TopicMessage;

/**
 * Takes messages instead of the queue, for an application whose own outbound interceptors
 * must see each one. Called on shards; must not block.
 */
@FunctionalInterface
public interface ChannelFallback {

	/** Sends the message to the subscriber's connection by another way. */
	void send(TopicMessage message, Subscriber subscriber);

}
