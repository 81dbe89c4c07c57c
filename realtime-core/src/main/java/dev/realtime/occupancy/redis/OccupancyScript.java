package dev.realtime.occupancy.redis;

import dev.realtime.redis.RedisScript;

/**
 * The one script that changes a partition. All of it happens at one moment on one clock,
 * that of Redis:
 * <ol>
 * <li>refuse a caller that knows another epoch: Redis has lost its data since, or the
 * caller has just begun
 * <li>note what the caller has published
 * <li>renew what the caller is about to publish, and its lease
 * <li>set the caller's topics; that is a state, so repeating it changes nothing
 * <li>take away topics of the given nodes whose lease is over. The answer names other
 * such nodes, and the caller gives them with its next call: a script may touch only keys
 * that it was given
 * <li>hand out changes that no node has, or whose node is dead: it has not renewed them,
 * the caller may take nodes for dead, and the topics of all those that are have been
 * taken away
 * </ol>
 * {@code told} says what was published: 1 for occupied, nothing for vacated, and ? while
 * a node has a change. After Redis has lost its data nothing is vacated for a lease,
 * which {@code told} has under the empty name: nodes that have the topic as well may not
 * have said so yet. A node that dies with a change may have published it. So with ? the
 * present state is published in any case.
 */
final class OccupancyScript {

	/** Most nodes that one answer names. */
	private static final int MOST_DEAD = 8;

	/**
	 * Keys: epoch, nodes, topics, told, open, topics of the caller; then the topics of
	 * each dead node. Arguments: name, epoch, epoch to begin if there is none, lease ms,
	 * how long keys are kept in ms, room, how many topics of dead nodes to take away, how
	 * many dead nodes, how many published, how many to renew; each dead node; each topic
	 * that was published with 1 or 0; each topic to renew; then each topic of the caller
	 * with 1 or 0 for its state and 1 or 0 for known. Answer: epoch, whether it was the
	 * caller's, how many topics the caller has, the time in microseconds, whether there
	 * is more, each change as topic and 1 or 0, dead nodes, the life of the server.
	 */
	static final RedisScript APPLY = new RedisScript("occupancy", """
			local epoch, nodes, topics, told, open, mine = unpack(KEYS, 1, 6)
			local name, lease, ttl = ARGV[1], tonumber(ARGV[4]), tonumber(ARGV[5])
			local room, budget = tonumber(ARGV[6]), tonumber(ARGV[7])
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			-- Also refuses the whole call, before anything is changed, if Redis is out of memory.
			redis.call('SET', epoch, ARGV[3], 'NX', 'PX', ttl)
			local current = redis.call('GET', epoch)
			local micros = string.format('%.0f', time[1] * 1000000 + time[2])
			if current ~= ARGV[2] then
			  if ARGV[2] ~= '' and tonumber(redis.call('HGET', told, '') or 0) < now + lease then
			    redis.call('HSET', told, '', now + lease)
			    redis.call('PEXPIRE', told, ttl)
			  end
			  return { current, 0, 0, micros, 0, {}, {}, '@SERVER@' }
			end
			local calm = tonumber(redis.call('HGET', told, '') or 0)
			if calm > 0 and calm <= now then redis.call('HDEL', told, '') end
			local changes, dead, more, left = {}, {}, 0, 0

			local function decide(topic, orphaned)
			  local due = redis.call('ZSCORE', open, topic)
			  if due and tonumber(due) > now then return end
			  local is, was = redis.call('HEXISTS', topics, topic), redis.call('HGET', told, topic)
			  if due and was == '?' and not orphaned then
			    left = left + 1
			  elseif is == 1 and was == '1' or is == 0 and not was then
			    redis.call('ZREM', open, topic)
			  elseif is == 0 and calm > now then
			    redis.call('ZADD', open, calm, topic)
			  elseif room > 0 then
			    room = room - 1
			    redis.call('HSET', told, topic, '?')
			    redis.call('ZADD', open, now + lease, topic)
			    changes[#changes + 1] = topic
			    changes[#changes + 1] = is
			  elseif not due then
			    redis.call('ZADD', open, now, topic)
			  end
			end

			local function less(topic)
			  if redis.call('HINCRBY', topics, topic, -1) <= 0 then redis.call('HDEL', topics, topic) end
			end

			local at, theirs, looks = 11, {}, budget > 0
			for i = 1, tonumber(ARGV[8]) do
			  theirs[ARGV[at]] = KEYS[6 + i]
			  at = at + 1
			end
			for i = 1, tonumber(ARGV[9]) do
			  local topic = ARGV[at]
			  if ARGV[at + 1] == '1' then redis.call('HSET', told, topic, '1') else redis.call('HDEL', told, topic) end
			  redis.call('ZREM', open, topic)
			  decide(topic, false)
			  at = at + 2
			end
			for i = 1, tonumber(ARGV[10]) do
			  redis.call('ZADD', open, 'XX', now + lease, ARGV[at])
			  at = at + 1
			end
			redis.call('ZADD', nodes, 'XX', now + lease, name)
			for i = at, #ARGV, 3 do
			  local topic, known = ARGV[i], ARGV[i + 2] == '1'
			  if known then redis.call('HSETNX', told, topic, '1') end
			  if ARGV[i + 1] == '1' then
			    if redis.call('SADD', mine, topic) == 1 then redis.call('HINCRBY', topics, topic, 1) end
			  elseif redis.call('SREM', mine, topic) == 1 then
			    less(topic)
			  end
			  decide(topic, false)
			end
			if looks then
			  for _, each in ipairs(redis.call('ZRANGEBYSCORE', nodes, '-inf', now)) do
			    local key = theirs[each]
			    if key then
			      local taken = (budget > 0) and redis.call('SPOP', key, budget) or {}
			      budget = budget - #taken
			      for _, topic in ipairs(taken) do
			        less(topic)
			        decide(topic, false)
			      end
			      if redis.call('EXISTS', key) == 0 then redis.call('ZREM', nodes, each) key = nil end
			    end
			    if (key or not theirs[each]) and #dead < @DEAD@ then dead[#dead + 1] = each end
			  end
			end
			left = 0
			if room > 0 then
			  for _, topic in ipairs(redis.call('ZRANGEBYSCORE', open, '-inf', now, 'LIMIT', 0, room)) do
			    decide(topic, looks and #dead == 0)
			  end
			end
			-- What is left to its node is not worth another call at once.
			if left == 0 and redis.call('ZCOUNT', open, '-inf', now) > 0 then more = 1 end
			local held = redis.call('SCARD', mine)
			if held > 0 then redis.call('ZADD', nodes, now + lease, name) else redis.call('ZREM', nodes, name) end
			for i = 1, 5 do redis.call('PEXPIRE', KEYS[i], ttl) end
			redis.call('PEXPIRE', mine, 2 * ttl)
			return { current, 1, held, micros, more, changes, dead, '@SERVER@' }
			""".replace("@DEAD@", Integer.toString(MOST_DEAD)));

	private OccupancyScript() {
	}

}
