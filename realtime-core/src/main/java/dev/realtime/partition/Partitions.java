package dev.realtime.partition;

import dev.realtime.Topic;

/**
 * The fixed number of partitions of a fleet, and which of them a topic belongs to. What
 * belongs to one partition stays together: its keys lie in one slot of a Redis Cluster,
 * its announcements go over one channel, stream or queue. All nodes of a fleet have the
 * same number for ever: with another one, topics would be looked for elsewhere.
 * <p>
 * The partition of a topic is the CRC16 (XMODEM, as in Redis Cluster) of its name in
 * UTF-8, modulo the count. A presence topic has the partition of the topic whose joins
 * and leaves it has: {@code _presence.room.42} that of {@code room.42}. None of this ever
 * changes; test vectors are in {@code docs/protocol.md}.
 * <p>
 * Immutable and safe for any number of threads.
 */
public final class Partitions {

	/** Fewest partitions. */
	public static final int FEWEST = 1;

	/** Most partitions. */
	public static final int MOST = 1024;

	/** How many partitions a fleet has unless it says otherwise. */
	public static final int DEFAULT_COUNT = 128;

	/** How many slots a Redis Cluster has. */
	public static final int SLOTS = 16_384;

	/** As in {@code dev.realtime.presence.PresenceTopics}. */
	private static final String PRESENCE = "_presence.";

	private final String[] tags;

	/**
	 * That many partitions.
	 * @param count 1 to 1024
	 * @throws IllegalArgumentException when the count is out of bounds
	 */
	public Partitions(int count) {
		if (count < FEWEST || count > MOST) {
			throw new IllegalArgumentException(
					"The number of partitions must be " + FEWEST + " to " + MOST + ", not " + count);
		}
		this.tags = new String[count];
		for (int partition = 0; partition < count; partition++) {
			this.tags[partition] = HashTag.of(partition, slot(partition));
		}
	}

	/** How many partitions there are. */
	public int count() {
		return this.tags.length;
	}

	/** The topic's partition, from 0. */
	public int of(Topic topic) {
		String name = topic.name();
		return Crc16.of(name, name.startsWith(PRESENCE) ? PRESENCE.length() : 0) % this.tags.length;
	}

	/**
	 * The partition, from 0, of something that is no topic, such as a user: the CRC16 of
	 * its UTF-8 bytes, modulo the count.
	 */
	public int ofText(String text) {
		return Crc16.of(text, 0) % this.tags.length;
	}

	/**
	 * The partition's hash tag, without braces: a text in {@code [0-9a-z.]} that begins
	 * with the partition's number and a dot, such as {@code 17.b3x}. A Redis Cluster puts
	 * every key with <code>{17.b3x}</code> in {@link #slot}.
	 * @throws IndexOutOfBoundsException when there is no such partition
	 */
	public String tag(int partition) {
		return this.tags[partition];
	}

	/**
	 * The slot of the partition's tag in a Redis Cluster. The slots of all partitions are
	 * evenly spaced, so that masters with equal contiguous ranges of slots have the same
	 * number of partitions, or one more.
	 */
	public int slot(int partition) {
		return (2 * partition + 1) * (SLOTS / 2) / this.tags.length;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Partitions partitions && partitions.count() == count();
	}

	@Override
	public int hashCode() {
		return count();
	}

	@Override
	public String toString() {
		return count() + " partitions";
	}

}
