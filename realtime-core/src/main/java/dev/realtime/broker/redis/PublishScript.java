package dev.realtime.broker.redis;

import dev.realtime.redis.LogAppend;
import dev.realtime.redis.RedisScript;

/**
 * Numbers, stores and announces one message, atomically.
 *
 * <pre>
 * KEYS[3] idempotency key, only where the message has an id
 * ARGV[8] blob   ARGV[9] the message's time to live, ms, or 0
 * ARGV[10] how long the id is remembered, ms
 *
 * answer: "epoch seq timestamp duplicate", duplicate being 1 or 0; and should announcing
 *         have failed, a space and the error
 * </pre>
 *
 * An id that was remembered in an earlier epoch does not count: its message went with the
 * log of that epoch, and a receipt for it would promise what is no longer there.
 */
final class PublishScript {

	static final RedisScript PUBLISH = LogAppend.script("publish", """
			local epoch, last, voids = numbering()
			if KEYS[3] then
			  local first = redis.call('GET', KEYS[3])
			  if first and string.sub(first, 1, #epoch + 1) == epoch .. ' ' then return first .. ' 1' end
			end
			local receipt, failure = append(epoch, voids, clock(), ARGV[8], ARGV[9])
			if KEYS[3] then redis.call('SET', KEYS[3], receipt, 'PX', ARGV[10]) end
			return receipt .. ' 0' .. (failure and ' ' .. failure or '')
			""");

	private PublishScript() {
	}

}
