package dev.realtime.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.partition.Partitions;
import org.jspecify.annotations.Nullable;

/**
 * The names of all keys and channels. Each begins with the hash tag of a partition (see
 * {@link Partitions}), followed by its kind. Everything of one topic has the tag of the
 * topic's partition, so that it lies in one slot and one script may touch it.
 *
 * <pre>
 * rt:{111.6r6}:n:room.42          hash    numbering: e = epoch, s = last seq, r = server or
 *                                         lineage that gave it, v = how many numbers up to s are void, if any
 * rt:{111.6r6}:l:room.42          stream  log: entry id = seq-0, fields t = timestamp,
 *                                         m = message (see MessageCodec), p = the message before
 *                                         it where void numbers lie between, x = end of its time
 *                                         to live, if any
 * rt:{111.6r6}:i:room.42:ID       string  idempotency: "epoch seq timestamp" of the first
 *                                         publish; counts in its epoch only
 * rt:{111.6r6}:k:room.42:EPOCH    hash    counter of a durable broker, see
 *                                         dev.realtime.sequence.redis.RedisTopicCounter
 * rt:{111.6r6}:p.…:room.42        presence, see dev.realtime.presence.redis
 * rt:{111.6r6}:o.…                topics with subscribers, see dev.realtime.occupancy.redis
 * rt:{111.6r6}:agenda             presence of all topics of the partition, see there
 * rt:{111.6r6}:c:room.42          channel: announcements "epoch seq timestamp LF message", and
 *                                         signals "signal LF …", see SignalCodec
 * rt:{111.6r6}:c                  channel of the partition: the same after "name LF"
 * rt:{111.6r6}:b                  sorted set  topics of the partition by when they last changed, where
 *                                         there are several regions, see dev.realtime.broker.redis
 * rt:{…}:u.…, rt:{…}:rate:…       connections and rates of users, by the partition of the
 *                                         user's name, see dev.realtime.restriction.redis and
 *                                         dev.realtime.rate.redis
 * rt:{111.6r6}:life               hash    where topics go on after a failover, see Lineage
 * rt:restrictions                 hash    blocks and revocations, see
 *                                         dev.realtime.restriction.redis
 * rt:fleet                        hash    what all nodes must agree on, see FleetSettings
 * rt:shards                       hash    which partitions one of several independent servers
 *                                         has, see ShardFence
 * </pre>
 *
 * A topic's name stands last, as it is, or is followed by a colon and something else;
 * then its colons are written {@code %3A}, and {@code %} is {@code %25}. So no two topics
 * share a key, whatever they and their ids are called.
 * <p>
 * Immutable and safe for any number of threads.
 */
public final class RedisKeys {

	/** Characters with a meaning in a glob. */
	private static final Pattern GLOB = Pattern.compile("[*?\\[\\]\\\\^-]");

	private static final Partitions DEFAULT = new Partitions(Partitions.DEFAULT_COUNT);

	private static final String CHANNEL = "c";

	private static final byte[] NONE = {};

	private final String prefix;

	private final Partitions partitions;

	private final Channels channels;

	/** What all keys of a partition begin with. */
	private final byte[][] heads;

	private final Map<ByteBuffer, Integer> partitionChannels = new HashMap<>();

	/** With 128 partitions, and channels of topics. */
	public RedisKeys(String prefix) {
		this(prefix, DEFAULT, Channels.TOPICS);
	}

	/**
	 * The names of one fleet.
	 * @param prefix what all names start with, {@code rt} unless several fleets share one
	 * Redis; has no braces
	 * @param partitions the fleet's
	 * @param channels the fleet's
	 */
	public RedisKeys(String prefix, Partitions partitions, Channels channels) {
		if (prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
			throw new IllegalArgumentException("The prefix of keys must have no braces: \"" + prefix + '"');
		}
		this.prefix = prefix;
		this.partitions = partitions;
		this.channels = channels;
		this.heads = new byte[partitions.count()][];
		for (int partition = 0; partition < this.heads.length; partition++) {
			this.heads[partition] = utf8(prefix + ":{" + partitions.tag(partition) + "}:");
			this.partitionChannels.put(ByteBuffer.wrap(channel(partition)), partition);
		}
	}

	/** The fleet's partitions. */
	public Partitions partitions() {
		return this.partitions;
	}

	/** The fleet's channels. */
	public Channels channels() {
		return this.channels;
	}

	/** The topic's key of a kind. */
	public byte[] of(String kind, Topic topic) {
		return key(this.partitions.of(topic), kind + ':' + topic.name());
	}

	/** The topic's key of a kind, for one of several of that kind. */
	public byte[] of(String kind, Topic topic, String which) {
		return key(this.partitions.of(topic), kind + ':' + escaped(topic.name()) + ':' + which);
	}

	/** The key of a kind for something that is no topic, such as a user. */
	public byte[] spread(String kind, String text) {
		return key(this.partitions.ofText(text), kind + ':' + text);
	}

	/** The partition's key of a kind. */
	public byte[] of(String kind, int partition) {
		return key(partition, kind);
	}

	/** The numbering hash. */
	public byte[] numbering(Topic topic) {
		return of("n", topic);
	}

	/** The log stream. */
	public byte[] log(Topic topic) {
		return of("l", topic);
	}

	/** The memory of one publisher's id. */
	public byte[] idempotency(Topic topic, String id) {
		return of("i", topic, id);
	}

	/** The channel of a topic's own. */
	public byte[] channel(Topic topic) {
		return of(CHANNEL, topic);
	}

	/** The channel of a partition. */
	public byte[] channel(int partition) {
		return of(CHANNEL, partition);
	}

	/** Where something about the topic is announced. */
	public Announcing announcing(Topic topic) {
		if (this.channels == Channels.TOPICS) {
			return new Announcing(channel(topic), NONE, NONE);
		}
		int partition = this.partitions.of(topic);
		return new Announcing(this.channels.hasTopics() ? channel(topic) : NONE, utf8(topic.name() + '\n'),
				channel(partition));
	}

	/**
	 * The glob of the channels of a pattern's topics, for {@code PSUBSCRIBE}. It may
	 * match more: a {@code *} of Redis does not end at a segment's end.
	 */
	public byte[] channels(TopicPattern pattern) {
		String text = pattern.text();
		StringBuilder glob = new StringBuilder(literal(this.prefix)).append(":{*}:" + CHANNEL + ':');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c != '*') {
				glob.append(literal(String.valueOf(c)));
			}
			else if (i == 0 || text.charAt(i - 1) != '*') {
				glob.append('*');
			}
		}
		return utf8(glob.toString());
	}

	/** The topic of a channel of a topic's own; null for any other channel. */
	public @Nullable Topic topic(byte[] channel) {
		String text = new String(channel, StandardCharsets.UTF_8);
		String behind = "}:" + CHANNEL + ':';
		int name = text.indexOf(behind);
		if (name < 0) {
			return null;
		}
		try {
			Topic topic = Topic.of(text.substring(name + behind.length()));
			return Arrays.equals(channel(topic), channel) ? topic : null;
		}
		catch (IllegalTopicException ex) {
			return null;
		}
	}

	/** Whether it is the channel of a partition. */
	public boolean isOfPartition(byte[] channel) {
		return this.partitionChannels.containsKey(ByteBuffer.wrap(channel));
	}

	/** A key of the whole fleet, which is rarely written. */
	public byte[] global(String name) {
		return utf8(this.prefix + ':' + name);
	}

	private byte[] key(int partition, String rest) {
		byte[] head = this.heads[partition];
		byte[] tail = utf8(rest);
		byte[] key = Arrays.copyOf(head, head.length + tail.length);
		System.arraycopy(tail, 0, key, head.length, tail.length);
		return key;
	}

	private static String literal(String text) {
		return GLOB.matcher(text).replaceAll("\\\\$0");
	}

	private static String escaped(String name) {
		if (name.indexOf(':') < 0 && name.indexOf('%') < 0) {
			return name;
		}
		return name.replace("%", "%25").replace(":", "%3A");
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
