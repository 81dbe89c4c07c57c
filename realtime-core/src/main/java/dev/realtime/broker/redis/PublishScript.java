package dev.realtime.broker.redis;

import dev.realtime.redis.Numbering;
import dev.realtime.redis.RedisScript;

/**
 * Numbers, stores and announces one message, atomically.
 *
 * <pre>
 * KEYS[3] idempotency key, only where the message has an id
 * ARGV[3] blob               ARGV[4] channel
 * ARGV[5] history size       ARGV[6] history time, ms
 * ARGV[7] the message's time to live, ms, or 0
 * ARGV[8] how long the id is remembered, ms
 *
 * answer: "epoch seq timestamp duplicate", duplicate being 1 or 0; and should announcing
 *         have failed, a space and the error
 * </pre>
 *
 * An id that was remembered in an earlier epoch does not count: its message went with the
 * log of that epoch, and a receipt for it would promise what is no longer there.
 * <p>
 * The stream is trimmed by size with every message and, with every 16th, by age: if the
 * 64th entry from the beginning is too old, those 64 go, else 16, 4 or 1 of them.
 */
final class PublishScript {

	static final RedisScript PUBLISH = Numbering.script("publish", """
			local epoch, last, voids = numbering()
			if KEYS[3] then
			  local first = redis.call('GET', KEYS[3])
			  if first and string.sub(first, 1, #epoch + 1) == epoch .. ' ' then return first .. ' 1' end
			end
			local seq = take()
			local now = clock()
			if voids == 0 and ARGV[7] == '0' then
			  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], text(seq) .. '-0', 't', now, 'm', ARGV[3])
			else
			  local entry = {'t', now, 'm', ARGV[3]}
			  if voids > 0 then
			    redis.call('HDEL', KEYS[1], 'v')
			    entry[#entry + 1], entry[#entry + 2] = 'p', text(seq - 1 - voids)
			  end
			  if ARGV[7] ~= '0' then
			    entry[#entry + 1], entry[#entry + 2] = 'x', text(now + ARGV[7])
			  end
			  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], text(seq) .. '-0', unpack(entry))
			end
			redis.call('PEXPIRE', KEYS[2], ARGV[6])
			if seq % 16 == 0 then
			  local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
			  local from = tonumber(string.match(first[1], '^%d+'))
			  local step = 64
			  while step >= 1 and first[2][2] + ARGV[6] < tonumber(now) do
			    local probe = redis.call('XRANGE', KEYS[2], text(from + step - 1) .. '-0', '+', 'COUNT', 1)[1]
			    if probe and probe[2][2] + ARGV[6] < tonumber(now) then
			      redis.call('XTRIM', KEYS[2], 'MINID', text(from + step) .. '-0')
			      break
			    end
			    step = step / 4
			  end
			end
			local receipt = epoch .. ' ' .. text(seq) .. ' ' .. now
			if KEYS[3] then redis.call('SET', KEYS[3], receipt, 'PX', ARGV[8]) end
			local heard = redis.pcall('PUBLISH', ARGV[4], receipt .. '\\n' .. ARGV[3])
			if type(heard) == 'table' then return receipt .. ' 0 ' .. heard.err end
			return receipt .. ' 0'
			""");

	private PublishScript() {
	}

}
