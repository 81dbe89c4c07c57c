package dev.realtime.presence.redis;

import dev.realtime.redis.RedisScript;

/**
 * The script of a partition's agenda: the sorted set of its topics, scored by when a node
 * should look whether something is due there.
 * <ul>
 * <li>Every call of {@link TopicScript} writes its topic's score in the same step, so a
 * score is never later than what is due in the topic, even if the caller dies.
 * <li>A node that finds a topic due claims it: its score moves a little into the future,
 * so that not all nodes look. If the claimer dies, another node finds the topic then.
 * </ul>
 * The agenda expires with the topic that is kept longest.
 */
final class AgendaScript {

	/**
	 * Key: agenda. Arguments: how many, claim ms. Answer: the server, the topics.
	 */
	static final RedisScript CLAIM = new RedisScript("presence agenda", """
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			local topics = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
			for _, topic in ipairs(topics) do redis.call('ZADD', KEYS[1], now + ARGV[2], topic) end
			return { '@SERVER@', topics }
			""");

	private AgendaScript() {
	}

}
