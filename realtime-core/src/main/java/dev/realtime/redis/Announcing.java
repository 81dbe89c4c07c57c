package dev.realtime.redis;

/**
 * Where something about a topic is announced: arguments of scripts; shared, and so never
 * changed.
 *
 * @param topic the topic's channel, or empty when topics have none
 * @param name what precedes an announcement on the partition's channel: the topic's name
 * and LF
 * @param partition the partition's channel, or empty when partitions have none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Announcing(byte[] topic, byte[] name, byte[] partition) {

	private static final byte[] NONE = {};

	/** Announces nowhere. */
	public static final Announcing NOWHERE = new Announcing(NONE, NONE, NONE);

	/** The script only stores, and another relay announces. */
	public static final Announcing ELSEWHERE = new Announcing(new byte[] { '-' }, NONE, NONE);

}
