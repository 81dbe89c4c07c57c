package dev.realtime.restriction.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import dev.realtime.restriction.ConnectionCounts;
import io.lettuce.core.ScriptOutputType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts in Redis, spread by the partition of the user's name:
 *
 * <pre>
 * rt:{…}:u.nodes       sorted set   node, scored by the time in ms until which it lives; the
 *                                   same in each partition
 * rt:{…}:u.user:USER   hash         node = how many connections the user has there
 * </pre>
 *
 * What a node has reported counts as long as the node lives, so one that is killed keeps
 * no user out for longer than its lease. The hash of a user ends an hour after the last
 * report.
 */
public final class RedisConnectionCounts implements ConnectionCounts {

	private static final Logger logger = LoggerFactory.getLogger(RedisConnectionCounts.class);

	private static final String NODES = "u.nodes";

	private static final Duration GOODBYE = Duration.ofSeconds(1);

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

	/** By partition. */
	private final byte[][] nodes;

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
		this.nodes = new byte[keys.partitions().count()][];
		for (int partition = 0; partition < this.nodes.length; partition++) {
			this.nodes[partition] = keys.of(NODES, partition);
		}
		this.node = RedisLink.arg(node);
		this.lease = RedisLink.arg(lease.toMillis());
	}

	@Override
	public CompletionStage<Integer> report(String user, int count, int added, int most) {
		byte[][] both = { this.nodes[this.keys.partitions().ofText(user)], this.keys.spread("u.user", user) };
		return this.link
			.<Long>eval(REPORT, ScriptOutputType.INTEGER, both, this.node, RedisLink.arg(count), RedisLink.arg(added),
					RedisLink.arg(most))
			.thenApply(Long::intValue);
	}

	/**
	 * {@inheritDoc} Where only a part of Redis answers, that is no.
	 */
	@Override
	public CompletionStage<Boolean> renew() {
		List<CompletableFuture<Long>> answers = Stream.of(this.nodes)
			.map((key) -> this.link
				.<Long>eval(RENEW, ScriptOutputType.INTEGER, new byte[][] { key }, this.node, this.lease)
				.toCompletableFuture())
			.toList();
		CompletionStage<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
		return all.handle((done, failure) -> {
			if (failure != null && answers.stream().allMatch(CompletableFuture::isCompletedExceptionally)) {
				throw new CompletionException(RedisLink.unwrap(failure));
			}
			return failure == null && answers.stream().allMatch((answer) -> answer.join() == 1);
		});
	}

	/** Waits a second at most for Redis. */
	@Override
	public void close() {
		try {
			CompletableFuture<?>[] left = Stream.of(this.nodes)
				.map((key) -> this.link.run("leave connections", key, (commands) -> commands.zrem(key, this.node))
					.toCompletableFuture())
				.toArray(CompletableFuture[]::new);
			Void unused = this.link.environment().await(CompletableFuture.allOf(left), GOODBYE);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug(
					"The connections of this node could not be removed from Redis; they count until its lease ends",
					ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.link.close();
	}

}
