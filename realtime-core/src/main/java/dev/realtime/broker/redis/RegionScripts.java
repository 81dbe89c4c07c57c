package dev.realtime.broker.redis;

import dev.realtime.redis.LogAppend;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.RedisScript;

/**
 * What one of several regions does with its topics. The marks of a partition are a sorted
 * set: the score of a topic is the number of its last mark, and that of the empty name
 * the last number given. Numbers begin at the server's time in microseconds, so they rise
 * beyond a loss of the set as well.
 *
 * <pre>
 * MARKED    KEYS[3] marks   KEYS[4] idempotency key, if any   ARGV[11] name of the topic
 *           otherwise as {@link PublishScript}
 *
 * COPY      ARGV[1] the run's epoch, otherwise as {@link LogAppend}
 *           ARGV[8] epoch that is replaced, or empty   ARGV[9] after   ARGV[10] through
 *           ARGV[11] 1 if nothing is kept up to there   then seq, timestamp, time to live, blob of each message
 *           answer: 1 or 0, epoch, head, number stored, and should announcing have failed, the error
 *
 * MARKS     KEYS[1] marks   ARGV[1] life that is known   ARGV[2] last mark known   ARGV[3] limit
 *           answer: life, then name and mark of each topic
 *
 * FORGET    KEYS[1] numbering   KEYS[2] marks   ARGV[1] name of the topic
 * </pre>
 */
final class RegionScripts {

	static final RedisScript MARKED = LogAppend.script("publish and mark", """
			local epoch, last, voids = numbering()
			if KEYS[4] then
			  local first = redis.call('GET', KEYS[4])
			  if first and string.sub(first, 1, #epoch + 1) == epoch .. ' ' then return first .. ' 1' end
			end
			local mark = redis.call('ZINCRBY', KEYS[3], 1, '')
			if mark == '1' then
			  local time = redis.call('TIME')
			  mark = time[1] .. string.format('%06d', time[2])
			  redis.call('ZADD', KEYS[3], mark, '')
			end
			redis.call('ZADD', KEYS[3], mark, ARGV[11])
			local receipt, failure = append(epoch, voids, clock(), ARGV[8], ARGV[9])
			if KEYS[4] then redis.call('SET', KEYS[4], receipt, 'PX', ARGV[10]) end
			return receipt .. ' 0' .. (failure and ' ' .. failure or '')
			""");

	/**
	 * What stands before a hole that is never filled goes: readers must not pass the
	 * hole.
	 */
	static final RedisScript COPY = LogAppend.script("copy", """
			local epoch, last, voids = numbering(true)
			local after, through, gone = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11] == '1'
			if epoch ~= ARGV[1] then
			  local replaces = ARGV[8] == epoch or redis.call('EXISTS', KEYS[1]) == 0
			  if not replaces or (after > 0 and not gone) then return {0, epoch, last, 0} end
			  redis.call('DEL', KEYS[1], KEYS[2])
			  epoch, last, voids = numbering()
			end
			if after > last then
			  if not gone then return {0, epoch, last, 0} end
			  redis.call('DEL', KEYS[2])
			  last, voids = after, 0
			end
			local stored, old, failure = 0, false, nil
			for i = 12, #ARGV, 4 do
			  local seq = tonumber(ARGV[i])
			  if seq > last then
			    local entry = {'t', ARGV[i + 1], 'm', ARGV[i + 3]}
			    if seq > last - voids + 1 then entry[#entry + 1], entry[#entry + 2] = 'p', text(last - voids) end
			    if ARGV[i + 2] ~= '0' then
			      entry[#entry + 1], entry[#entry + 2] = 'x', text(ARGV[i + 1] + ARGV[i + 2])
			    end
			    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], text(seq) .. '-0', unpack(entry))
			    last, voids, stored = seq, 0, stored + 1
			    old = old or seq % 16 == 0
			    failure = announce(epoch .. ' ' .. text(seq) .. ' ' .. ARGV[i + 1] .. '\\n' .. ARGV[i + 3]) or failure
			  end
			end
			if through > last then last, voids = through, voids + through - last end
			redis.call('HSET', KEYS[1], 's', text(last), 'v', text(voids))
			redis.call('PEXPIRE', KEYS[1], ARGV[2])
			if stored > 0 then
			  redis.call('PEXPIRE', KEYS[2], ARGV[5])
			  if old then age(clock()) end
			end
			return {1, epoch, last, stored, failure}
			""");

	static final RedisScript MARKS = new RedisScript("marks", """
			local life = '@SERVER@'
			local from = ARGV[1] == life and '(' .. ARGV[2] or '-inf'
			local found = redis.call('ZRANGEBYSCORE', KEYS[1], from, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
			local answer = {life}
			for i = 1, #found, 2 do
			  answer[#answer + 1], answer[#answer + 2] = found[i], string.format('%d', found[i + 1])
			end
			return answer
			""");

	/** What was published meanwhile has a numbering. */
	static final RedisScript FORGET = Numbering.script("forget", """
			if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('ZREM', KEYS[2], ARGV[1]) end
			return 1
			""");

	private RegionScripts() {
	}

}
