package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.ScriptOutputType;

/**
 * What all nodes of a fleet must agree on, because with other values they would look for
 * topics in other places. The first node writes it to {@code rt:fleet}, atomically.
 *
 * @param partitions how many partitions the fleet has
 * @param channels the channels of the fleet
 */
public record FleetSettings(int partitions, Channels channels) {

	private static final RedisScript AGREE = new RedisScript("fleet settings", """
			redis.call('HSETNX', KEYS[1], 'partitions', ARGV[1])
			redis.call('HSETNX', KEYS[1], 'channels', ARGV[2])
			return redis.call('HMGET', KEYS[1], 'partitions', 'channels')
			""");

	private static final RedisScript FAILOVER = new RedisScript("failover setting", """
			redis.call('HSETNX', KEYS[1], 'failover', ARGV[1])
			return redis.call('HGET', KEYS[1], 'failover')
			""");

	/**
	 * Writes what the fleet does after a failover, if Redis does not know it yet: with
	 * another value a node would begin new epochs where the others go on.
	 * @param failover a word for it
	 * @return the word of the fleet, which may differ; fails as {@link RedisLink#eval}
	 * does
	 */
	public static CompletionStage<String> agreeOnFailover(RedisLink link, RedisKeys keys, String failover) {
		return link
			.<byte[]>eval(FAILOVER, ScriptOutputType.VALUE, new byte[][] { keys.global("fleet") },
					RedisLink.arg(failover))
			.thenApply(FleetSettings::text);
	}

	/** The settings of these names. */
	public static FleetSettings of(RedisKeys keys) {
		return new FleetSettings(keys.partitions().count(), keys.channels());
	}

	/**
	 * Writes what Redis does not know yet.
	 * @return the settings of the fleet, which may differ; fails as
	 * {@link RedisLink#eval} does, and with an {@link IllegalArgumentException} when they
	 * are those of a later version
	 */
	public CompletionStage<FleetSettings> agree(RedisLink link, RedisKeys keys) {
		return link
			.<List<Object>>eval(AGREE, ScriptOutputType.MULTI, new byte[][] { keys.global("fleet") },
					RedisLink.arg(this.partitions), RedisLink.arg(this.channels.name()))
			.thenApply((values) -> new FleetSettings(Integer.parseInt(text(values.get(0))),
					Channels.valueOf(text(values.get(1)))));
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.US_ASCII);
	}

}
