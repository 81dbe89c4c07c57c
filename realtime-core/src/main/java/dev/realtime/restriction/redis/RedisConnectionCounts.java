package dev.realtime.restriction.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.Topic;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import dev.realtime.restriction.ConnectionCounts;
import io.lettuce.core.ScriptOutputType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts in Redis:
 *
 * <pre>
 * rt:{_fleet.connections}:n        sorted set   node, scored by the time in ms until which it lives
 * rt:{_fleet.connections}:u:USER   hash         node = how many connections the user has there
 * </pre>
 *
 * What a node has reported counts as long as the node lives, so one that is killed keeps
 * no user out for longer than its lease. The hash of a user ends an hour after the last
 * report.
 */
public final class RedisConnectionCounts implements ConnectionCounts {

	private static final Logger logger = LoggerFactory.getLogger(RedisConnectionCounts.class);

	private static final Topic TOPIC = Topic.of("_fleet.connections");

	private static final long GOODBYE_SECONDS = 1;

	private static final String NOW = """
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			""";

	/** ARGV: node, its count, how many are new, most. */
	private static final RedisScript REPORT = new RedisScript("report connections", NOW + """
			local count, others = tonumber(ARGV[2]), 0
			local all = redis.call('HGETALL', KEYS[2])
			for i = 1, #all, 2 do
			  if all[i] ~= ARGV[1] then
			    local ends = redis.call('ZSCORE', KEYS[1], all[i])
			    if ends and tonumber(ends) > now then
			      others = others + tonumber(all[i + 1])
			    else
			      redis.call('HDEL', KEYS[2], all[i])
			    end
			  end
			end
			local excess = math.max(0, math.min(tonumber(ARGV[3]), others + count - tonumber(ARGV[4])))
			if count > excess then
			  redis.call('HSET', KEYS[2], ARGV[1], string.format('%d', count - excess))
			  redis.call('PEXPIRE', KEYS[2], 3600000)
			else
			  redis.call('HDEL', KEYS[2], ARGV[1])
			end
			return excess
			""");

	/** ARGV: node, lease in ms. */
	private static final RedisScript RENEW = new RedisScript("renew connections", NOW + """
			local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
			redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
			redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
			redis.call('PEXPIRE', KEYS[1], ARGV[2])
			return ends and tonumber(ends) > now and 1 or 0
			""");

	private final RedisLink link;

	private final RedisKeys keys;

	private final byte[] nodes;

	private final byte[] node;

	private final byte[] lease;

	/**
	 * Counts on a connection of its own.
	 * @param link closed by the counts
	 * @param node this node's name
	 * @param lease how long a node counts that says nothing
	 */
	public RedisConnectionCounts(RedisLink link, RedisKeys keys, String node, Duration lease) {
		this.link = link;
		this.keys = keys;
		this.nodes = keys.of(TOPIC, ":n");
		this.node = RedisLink.arg(node);
		this.lease = RedisLink.arg(lease.toMillis());
	}

	@Override
	public CompletionStage<Integer> report(String user, int count, int added, int most) {
		byte[][] both = { this.nodes, this.keys.of(TOPIC, ":u:" + user) };
		return this.link
			.<Long>eval(REPORT, ScriptOutputType.INTEGER, both, this.node, RedisLink.arg(count), RedisLink.arg(added),
					RedisLink.arg(most))
			.thenApply(Long::intValue);
	}

	@Override
	public CompletionStage<Boolean> renew() {
		return this.link.<Long>eval(RENEW, ScriptOutputType.INTEGER, new byte[][] { this.nodes }, this.node, this.lease)
			.thenApply((lived) -> lived == 1);
	}

	/** Waits a second at most for Redis. */
	@Override
	public void close() {
		try {
			CompletableFuture<Long> left = this.link
				.run("leave connections", (commands) -> commands.zrem(this.nodes, this.node))
				.toCompletableFuture();
			logger.debug("The node has left: {}", left.get(GOODBYE_SECONDS, TimeUnit.SECONDS));
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("The node's connections count until its lease ends", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.link.close();
	}

}
