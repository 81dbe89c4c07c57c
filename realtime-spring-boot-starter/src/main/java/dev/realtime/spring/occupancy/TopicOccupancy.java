package dev.realtime.spring.occupancy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.Subscriber;

/**
 * Tells which topics have subscribers on this node. Not for applications; a node has it
 * only if topic events are enabled. Called on shards; does not block.
 */
public final class TopicOccupancy implements ConnectionListener {

	private final TopicEvents events;

	/** Those that count: one that ends may never have been live. */
	private final Set<Subscriber> live = ConcurrentHashMap.newKeySet();

	TopicOccupancy(TopicEvents events) {
		this.events = events;
	}

	@Override
	public void onLive(Subscriber subscriber) {
		if (!subscriber.isByPattern() && !subscriber.topic().isReserved() && this.live.add(subscriber)) {
			this.events.joined(subscriber.topic());
		}
	}

	@Override
	public void onEnd(Subscriber subscriber) {
		if (this.live.remove(subscriber)) {
			this.events.left(subscriber.topic());
		}
	}

	@Override
	public void onClosed(Connection connection) {
		// Each of its subscriptions has ended by itself.
	}

}
