package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of all keys and channels. Everything of one topic carries the hash tag
 * <code>{topic}</code>, so that it lies in one slot and one script may touch it.
 *
 * <pre>
 * rt:{room.42}:n        hash    numbering: e = epoch, s = last seq, r = server that gave it,
 *                               v = how many numbers up to s are void, if any
 * rt:{room.42}:l        stream  log: entry id = seq-0, fields t = timestamp, m = message
 *                               (see MessageCodec), p = the message before it where void
 *                               numbers lie between, x = end of its time to live, if any
 * rt:{room.42}:i:KEY    string  idempotency: "epoch seq timestamp" of the first publish;
 *                               counts in its epoch only
 * rt:{room.42}          channel announcements: "epoch seq timestamp LF message"; and
 *                               signals: "signal LF …", see SignalCodec
 * rt:{room.42}:n:EPOCH  hash    counter of a durable broker, see
 *                               dev.realtime.sequence.redis.RedisTopicCounter
 * rt:{room.42}:p:…              presence, see dev.realtime.presence.redis
 * rt:presence                   presence of all topics, see there
 * rt:{_fleet.sessions}:r        blocks and revocations, see dev.realtime.restriction.redis
 * rt:{_fleet.connections}:…     connections of users on all nodes, see there
 * </pre>
 *
 * In the hash tag the braces of a name are written {@code %7B} and {@code %7D}, and
 * {@code %} is {@code %25}. So no two topics share a key, whatever the suffix is, and the
 * tag is never empty.
 * <p>
 * One script changes the members of {@code room.42}, publishes on
 * {@code _presence.room.42} and writes {@code rt:presence}. On one server that needs no
 * common slot.
 *
 * @param prefix what all names start with, {@code rt} unless several fleets share one
 * Redis
 */
public record RedisKeys(String prefix) {

	/** Characters with a meaning in a glob. */
	private static final Pattern GLOB = Pattern.compile("[*?\\[\\]\\\\^-]");

	/** A key or channel of the topic; the suffix may be empty. */
	public byte[] of(Topic topic, String suffix) {
		return (this.prefix + ":{" + tag(topic.name()) + '}' + suffix).getBytes(StandardCharsets.UTF_8);
	}

	/** The numbering hash. */
	public byte[] numbering(Topic topic) {
		return of(topic, ":n");
	}

	/** The log stream. */
	public byte[] log(Topic topic) {
		return of(topic, ":l");
	}

	/** The memory of one publisher's id. */
	public byte[] idempotency(Topic topic, String id) {
		return of(topic, ":i:" + id);
	}

	/** The channel of announcements. */
	public byte[] channel(Topic topic) {
		return of(topic, "");
	}

	/**
	 * The glob of the channels of a pattern's topics, for {@code PSUBSCRIBE}. It may
	 * match more: a {@code *} of Redis does not end at a segment's end.
	 */
	public byte[] channels(TopicPattern pattern) {
		String tag = tag(pattern.text());
		StringBuilder glob = new StringBuilder(escaped(this.prefix)).append(":{");
		for (int i = 0; i < tag.length(); i++) {
			char c = tag.charAt(i);
			if (c != '*') {
				glob.append(escaped(String.valueOf(c)));
			}
			else if (i == 0 || tag.charAt(i - 1) != '*') {
				glob.append('*');
			}
		}
		return glob.append('}').toString().getBytes(StandardCharsets.UTF_8);
	}

	/** The topic of a channel of announcements; null for any other channel. */
	public @Nullable Topic topic(byte[] channel) {
		String name = new String(channel, StandardCharsets.UTF_8);
		if (!name.startsWith(this.prefix + ":{") || !name.endsWith("}")) {
			return null;
		}
		try {
			Topic topic = Topic.of(untagged(name.substring(this.prefix.length() + 2, name.length() - 1)));
			return Arrays.equals(channel(topic), channel) ? topic : null;
		}
		catch (IllegalTopicException ex) {
			return null;
		}
	}

	/** A key that belongs to no topic. */
	public byte[] global(String name) {
		return (this.prefix + ':' + name).getBytes(StandardCharsets.UTF_8);
	}

	private static String escaped(String text) {
		return GLOB.matcher(text).replaceAll("\\\\$0");
	}

	private static String untagged(String tag) {
		return (tag.indexOf('%') < 0) ? tag : tag.replace("%7B", "{").replace("%7D", "}").replace("%25", "%");
	}

	private static String tag(String name) {
		if (name.indexOf('{') < 0 && name.indexOf('}') < 0 && name.indexOf('%') < 0) {
			return name;
		}
		return name.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
	}

}
