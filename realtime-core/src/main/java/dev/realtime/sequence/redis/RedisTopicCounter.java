package dev.realtime.sequence.redis;

import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import dev.realtime.sequence.TopicCounter;
import io.lettuce.core.ScriptOutputType;

/**
 * A counter in Redis for each topic and epoch:
 *
 * <pre>
 * rt:{111.6r6}:k:room.42:EPOCH   hash   s = last number taken, r = server that gave it
 * </pre>
 *
 * It is kept for a day after the last number; who comes later sets it again from the log.
 * A counter that another life of the server has written, restored from a dump for
 * example, counts as none, because it may be behind. Fails as {@link RedisLink#eval}
 * does, at once while the connection is down.
 */
public final class RedisTopicCounter implements TopicCounter {

	private static final String COUNT = """
			local seq = redis.call('HINCRBY', KEYS[1], 's', ARGV[1])
			redis.call('PEXPIRE', KEYS[1], 86400000)
			return seq - ARGV[1] + 1
			""";

	private static final RedisScript TAKE = new RedisScript("take", """
			local n = redis.call('HMGET', KEYS[1], 's', 'r')
			if n[2] ~= '@SERVER@' or tonumber(n[1]) < tonumber(ARGV[2]) then return 0 end
			""" + COUNT);

	private static final RedisScript TAKE_ABOVE = new RedisScript("take above", """
			local seq = tonumber(redis.call('HGET', KEYS[1], 's') or 0)
			redis.call('HSET', KEYS[1], 's', string.format('%d', math.max(seq, tonumber(ARGV[2]))), 'r', '@SERVER@')
			""" + COUNT);

	private final RedisLink link;

	private final RedisKeys keys;

	/**
	 * A counter on a connection that others may use too.
	 * @param link not closed by us
	 */
	public RedisTopicCounter(RedisLink link, RedisKeys keys) {
		this.link = link;
		this.keys = keys;
	}

	@Override
	public CompletionStage<Long> take(Topic topic, String epoch, int count, long above) {
		return eval(TAKE, topic, epoch, count, above);
	}

	@Override
	public CompletionStage<Long> takeAbove(Topic topic, String epoch, int count, long above) {
		return eval(TAKE_ABOVE, topic, epoch, count, above);
	}

	@Override
	public boolean isConnected() {
		return this.link.isConnected();
	}

	private CompletionStage<Long> eval(RedisScript script, Topic topic, String epoch, int count, long above) {
		byte[][] key = { this.keys.of("k", topic, epoch) };
		return this.link.eval(script, ScriptOutputType.INTEGER, key, RedisLink.arg(count), RedisLink.arg(above));
	}

}
