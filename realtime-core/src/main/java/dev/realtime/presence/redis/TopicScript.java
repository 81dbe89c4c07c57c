package dev.realtime.presence.redis;

import dev.realtime.redis.RedisScript;

/**
 * The one script that changes a topic. All of it happens at one moment on one clock, that
 * of Redis:
 * <ol>
 * <li>renew the caller's lease, if it has users here
 * <li>bury nodes whose lease is over: take their counts away, users without a connection
 * leave at once
 * <li>users whose grace is over leave
 * <li>set the caller's counts, which are absolute, so that repeating it changes nothing
 * <li>answer with the events that this caused
 * </ol>
 * Whoever's call takes a user out of the set of members has the event, nobody else: this
 * is why sweepers may race. The events of a node's last call are kept under its number:
 * if the reply gets lost, the call is repeated with the same number and tells them again.
 * <p>
 * {@code room} limits how many leaves one call may find; 0 when none may be found now. A
 * user that the caller says was confirmed on another life of Redis ({@code known}), but
 * whom this one has never seen, has been told as joined already: entering is silent, and
 * leaving is told as if the user had been here.
 */
final class TopicScript {

	/**
	 * Keys: nodes, users, totals, leaving, counts of the caller, told to the caller.
	 * Arguments: node, lease ms, grace ms, number of the call, room, then for each user:
	 * name, count, known. Answer: server, when something was due before (ms, 0 = never),
	 * when something will be due, how many users the caller has here, events ("+members
	 * user" or "-members user").
	 */
	static final RedisScript APPLY = new RedisScript("presence", """
			local nodes, users, totals, leaving, mine, told = unpack(KEYS)
			local node, lease, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
			local call, room = ARGV[4], tonumber(ARGV[5])
			local counts = string.sub(mine, 1, #mine - #node)
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			local ttl = 2 * lease + grace

			local function due()
			  local at = 0
			  for _, key in ipairs({ leaving, nodes }) do
			    local first = tonumber(redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2])
			    if first and (at == 0 or first < at) then at = first end
			  end
			  return at
			end

			local function tell(sign, user)
			  local event = sign .. redis.call('ZCARD', users) .. ' ' .. user
			  if redis.call('EXISTS', told) == 0 then redis.call('RPUSH', told, call) end
			  redis.call('RPUSH', told, event)
			end

			local function gone(user, wait)
			  if wait > 0 then
			    redis.call('ZADD', leaving, now + wait, user)
			  else
			    redis.call('ZREM', leaving, user)
			    if redis.call('ZREM', users, user) == 1 then tell('-', user) end
			  end
			end

			local function less(user, connections, wait)
			  if redis.call('HINCRBY', totals, user, -connections) <= 0 then
			    redis.call('HDEL', totals, user)
			    gone(user, wait)
			  end
			end

			local function bury(dead)
			  local theirs, cursor = counts .. dead, '0'
			  while room > 0 do
			    local page = redis.call('HSCAN', theirs, cursor, 'COUNT', 100)
			    for i = 1, #page[2], 2 do
			      if redis.call('HDEL', theirs, page[2][i]) == 1 then
			        less(page[2][i], tonumber(page[2][i + 1]), 0)
			        room = room - 1
			      end
			    end
			    cursor = page[1]
			    if cursor == '0' then break end
			  end
			  if redis.call('PEXPIRE', theirs, ttl) == 0 then redis.call('ZREM', nodes, dead) end
			end

			local last = redis.call('LINDEX', told, 0)
			if last and last ~= call then redis.call('DEL', told) end
			local before = due()
			if redis.call('HLEN', mine) > 0 then redis.call('ZADD', nodes, now + lease, node) end
			for _, dead in ipairs(redis.call('ZRANGEBYSCORE', nodes, '-inf', now)) do bury(dead) end
			if room > 0 then
			  for _, user in ipairs(redis.call('ZRANGEBYSCORE', leaving, '-inf', now, 'LIMIT', 0, room)) do
			    gone(user, 0)
			  end
			end

			for i = 6, #ARGV, 3 do
			  local user, count, known = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
			  local forgotten = known ~= '' and known ~= '@SERVER@'
			  local old = tonumber(redis.call('HGET', mine, user) or 0)
			  if count > 0 then
			    redis.call('HSET', mine, user, count)
			    redis.call('HINCRBY', totals, user, count - old)
			    redis.call('ZREM', leaving, user)
			    if redis.call('ZADD', users, 0, user) == 1 and not forgotten then tell('+', user) end
			  elseif old > 0 then
			    redis.call('HDEL', mine, user)
			    less(user, old, grace)
			  elseif forgotten and redis.call('ZADD', users, 0, user) == 1 then
			    gone(user, grace)
			  end
			end

			local held = redis.call('HLEN', mine)
			if held > 0 then
			  redis.call('ZADD', nodes, now + lease, node)
			else
			  redis.call('ZREM', nodes, node)
			end
			for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ttl) end
			return { '@SERVER@', before, due(), held, redis.call('LRANGE', told, 1, -1) }
			""");

	private TopicScript() {
	}

}
