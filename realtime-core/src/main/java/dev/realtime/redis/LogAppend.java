package dev.realtime.redis;

/**
 * The beginning of every script that appends to a topic's log: what such a script numbers
 * it also stores and announces, in one step.
 *
 * <pre>
 * KEYS[1], KEYS[2], ARGV[1], ARGV[2]  see {@link Numbering}
 * ARGV[3] channel of the topic, empty, or - where another relay announces   ARGV[4] history size   ARGV[5] history time, ms
 * ARGV[6] name LF   ARGV[7] channel of the partition, or empty (see {@link Announcing})
 * </pre>
 *
 * The stream is trimmed by size with every message and, with every 16th, by age: if the
 * 64th entry from the beginning is too old, those 64 go, else 16, 4 or 1 of them.
 */
public final class LogAppend {

	private static final String APPEND = """
			local function announce(text)
			  local heard, failure
			  if ARGV[3] ~= '' and ARGV[3] ~= '-' then
			    heard = redis.pcall('@PUBLISH@', ARGV[3], text)
			    failure = type(heard) == 'table' and heard.err or nil
			  end
			  if ARGV[7] ~= '' then
			    heard = redis.pcall('@PUBLISH@', ARGV[7], ARGV[6] .. text)
			    failure = failure or type(heard) == 'table' and heard.err or nil
			  end
			  return failure
			end
			local function age(now)
			  local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
			  local from = tonumber(string.match(first[1], '^%d+'))
			  local step = 64
			  while step >= 1 and first[2][2] + ARGV[5] < tonumber(now) do
			    local probe = redis.call('XRANGE', KEYS[2], text(from + step - 1) .. '-0', '+', 'COUNT', 1)[1]
			    if probe and probe[2][2] + ARGV[5] < tonumber(now) then
			      redis.call('XTRIM', KEYS[2], 'MINID', text(from + step) .. '-0')
			      break
			    end
			    step = step / 4
			  end
			end
			local function append(epoch, voids, now, blob, life)
			  local seq = take()
			  if voids == 0 and life == '0' then
			    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], text(seq) .. '-0', 't', now, 'm', blob)
			  else
			    local entry = {'t', now, 'm', blob}
			    if voids > 0 then
			      redis.call('HDEL', KEYS[1], 'v')
			      entry[#entry + 1], entry[#entry + 2] = 'p', text(seq - 1 - voids)
			    end
			    if life ~= '0' then
			      entry[#entry + 1], entry[#entry + 2] = 'x', text(now + life)
			    end
			    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], text(seq) .. '-0', unpack(entry))
			  end
			  redis.call('PEXPIRE', KEYS[2], ARGV[5])
			  if seq % 16 == 0 then age(now) end
			  local receipt = epoch .. ' ' .. text(seq) .. ' ' .. now
			  return receipt, announce(receipt .. '\\n' .. blob)
			end
			""";

	private LogAppend() {
	}

	/**
	 * A script that has the functions of {@link Numbering#script} and
	 * {@code append(epoch, voids, now, blob, life)}. The first two are what
	 * {@code numbering()} returned, though {@code voids} is 0 from the second message on;
	 * {@code now} and the message's time to live, or {@code '0'}, are texts in ms.
	 * Returns {@code "epoch seq timestamp"}, and the error if announcing failed.
	 * {@code announce(text)} and {@code age(now)}, which removes what is too old, are
	 * there for scripts that append by themselves.
	 */
	public static RedisScript script(String name, String body) {
		return Numbering.script(name, APPEND + body);
	}

}
