package dev.realtime.redis;

/** Which channels announcements and signals of a topic go to. */
public enum Channels {

	/** The topic's own. A node subscribes to those of its topics. */
	TOPICS,

	/** That of the topic's partition. Each node subscribes to all of them. */
	PARTITIONS,

	/**
	 * Both. For a Redis Cluster, whose shards have no patterns of channels: a node
	 * subscribes to its topics' own channels, and to those of all partitions while it has
	 * subscribed to a pattern.
	 */
	BOTH;

	/** Whether topics have a channel of their own. */
	public boolean hasTopics() {
		return this != PARTITIONS;
	}

	/** Whether partitions have a channel. */
	public boolean hasPartitions() {
		return this != TOPICS;
	}

}
