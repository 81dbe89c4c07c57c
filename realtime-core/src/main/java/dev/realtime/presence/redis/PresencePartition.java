package dev.realtime.presence.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Topic;
import dev.realtime.presence.Outage;

/**
 * A node's topics of one partition. Partitions lie on different servers of a Redis
 * Cluster, so each has its own outages, and its own life of Redis.
 */
final class PresencePartition {

	final int number;

	final Map<Topic, LocalTopic> topics = new ConcurrentHashMap<>();

	final Outage outage;

	/**
	 * The life of Redis that answered last. Another one may have forgotten everything.
	 */
	volatile String server = "";

	PresencePartition(int number, Outage outage) {
		this.number = number;
		this.outage = outage;
	}

	LocalTopic topic(Topic topic) {
		return this.topics.computeIfAbsent(topic, (key) -> new LocalTopic(key, this));
	}

}
