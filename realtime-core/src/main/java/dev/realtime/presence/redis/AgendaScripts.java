package dev.realtime.presence.redis;

import dev.realtime.redis.RedisScript;

/**
 * The scripts of the agenda: the sorted set of all topics, scored by when somebody should
 * look whether something is due there. It lies in another slot than the topics, so the
 * two cannot change at one moment. The rules that keep it right:
 * <ul>
 * <li>A score never lies later than what is due in the topic: whoever makes something due
 * earlier notes that afterwards, which only ever lowers a score.
 * <li>Who finds a topic due claims it: its score moves a little into the future and ends
 * in {@code .5}. If the claimer dies, somebody else finds it again then.
 * <li>Only with the claim may a score be raised or removed, and any note that others make
 * meanwhile takes the {@code .5} away and with it the claim.
 * </ul>
 * The agenda expires with the topic that is kept longest.
 */
final class AgendaScripts {

	/**
	 * Key: agenda. Arguments: how many, claim ms, expiry ms. Answer: the server, the
	 * claim, the topics.
	 */
	static final RedisScript CLAIM = new RedisScript("presence agenda claim", """
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			local claim = string.format('%.1f', now + ARGV[2] + 0.5)
			local topics = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
			for _, topic in ipairs(topics) do redis.call('ZADD', KEYS[1], claim, topic) end
			if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
			return { '@SERVER@', claim, topics }
			""");

	/**
	 * Key: agenda. Arguments: topic, when something is due (ms, 0 = never), the claim or
	 * nothing, expiry ms.
	 */
	static final RedisScript NOTE = new RedisScript("presence agenda note", """
			local topic, due, claim = ARGV[1], tonumber(ARGV[2]), ARGV[3]
			local score = redis.call('ZSCORE', KEYS[1], topic)
			if score and score == claim then
			  if due > 0 then
			    redis.call('ZADD', KEYS[1], due, topic)
			  else
			    redis.call('ZREM', KEYS[1], topic)
			  end
			elseif due > 0 then
			  local at = tonumber(score) or due
			  redis.call('ZADD', KEYS[1], math.min(due, math.floor(at)), topic)
			end
			if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
			return due
			""");

	private AgendaScripts() {
	}

}
