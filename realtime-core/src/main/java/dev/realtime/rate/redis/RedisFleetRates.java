package dev.realtime.rate.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.rate.FleetRates;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;

/**
 * Token buckets in one hash of Redis for each user, by the partition of the user's name:
 *
 * <pre>
 * rt:{…}:rate:USER   hash   BUCKET = how many tokens it had at its last take,
 *                           BUCKET:t = the milliseconds of that, by the clock of Redis
 * </pre>
 *
 * A hash ends when all of its buckets would be full again.
 */
public final class RedisFleetRates implements FleetRates {

	private static final int ARGS_OF_A_TAKE = 4;

	/**
	 * KEYS[1] the hash; ARGV bucket, tokens, capacity and tokens a second of each take.
	 */
	private static final RedisScript TAKE = new RedisScript("take tokens",
			"""
					local time = redis.call('TIME')
					local now = time[1] * 1000 + math.floor(time[2] / 1000)
					local left, keep = {}, 1000
					for i = 1, #ARGV, 4 do
					  local capacity, rate = tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
					  local known = redis.call('HMGET', KEYS[1], ARGV[i], ARGV[i] .. ':t')
					  local tokens = capacity
					  if known[1] and known[2] then
					    local millis = math.max(0, now - tonumber(known[2]))
					    tokens = math.min(capacity, tonumber(known[1]) + millis * rate / 1000)
					  end
					  tokens = math.max(-capacity, tokens - tonumber(ARGV[i + 1]))
					  redis.call('HSET', KEYS[1], ARGV[i], string.format('%.3f', tokens), ARGV[i] .. ':t', string.format('%.0f', now))
					  keep = math.max(keep, math.ceil((capacity - tokens) * 1000 / rate))
					  table.insert(left, math.floor(tokens))
					end
					if redis.call('PTTL', KEYS[1]) < keep then
					  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', keep))
					end
					return left
					""");

	private final RedisLink link;

	private final RedisKeys keys;

	/**
	 * Buckets on a connection of their own.
	 * @param link closed by this
	 */
	public RedisFleetRates(RedisLink link, RedisKeys keys) {
		this.link = link;
		this.keys = keys;
	}

	@Override
	public CompletionStage<List<Long>> take(String user, List<Take> takes) {
		byte[][] args = new byte[takes.size() * ARGS_OF_A_TAKE][];
		int at = 0;
		for (Take each : takes) {
			args[at++] = RedisLink.arg(each.bucket());
			args[at++] = RedisLink.arg(each.tokens());
			args[at++] = RedisLink.arg(each.capacity());
			args[at++] = RedisLink.arg(each.perSecond());
		}
		return this.link.eval(TAKE, ScriptOutputType.MULTI, new byte[][] { this.keys.spread("rate", user) }, args);
	}

	@Override
	public void close() {
		this.link.close();
	}

}
