package dev.realtime.relay.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import dev.realtime.relay.RelayAgreement;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/** The fields {@code relay} and {@code moving-from} of {@code rt:fleet}. */
public final class RedisRelayAgreement implements RelayAgreement.Store {

	/** Empty texts stand for what is not there. What was deleted is written again. */
	private static final RedisScript REPLACE = new RedisScript("fleet relay", """
			local relay = redis.call('HGET', KEYS[1], 'relay') or ''
			local from = redis.call('HGET', KEYS[1], 'moving-from') or ''
			if relay == '' or relay == ARGV[1] and from == ARGV[2] then
				redis.call('HSET', KEYS[1], 'relay', ARGV[3], 'moving-from', ARGV[4])
				return { ARGV[3], ARGV[4] }
			end
			return { relay, from }
			""");

	private final RedisLink link;

	private final RedisKeys keys;

	/** Uses a connection that stays the caller's. */
	public RedisRelayAgreement(RedisLink link, RedisKeys keys) {
		this.link = link;
		this.keys = keys;
	}

	@Override
	public RelayAgreement replace(@Nullable RelayAgreement known, RelayAgreement next) {
		List<Object> now = this.link.environment()
			.join(this.link.<List<Object>>eval(REPLACE, ScriptOutputType.MULTI,
					new byte[][] { this.keys.global("fleet") }, RedisLink.arg((known != null) ? known.relay() : ""),
					RedisLink.arg((known != null && known.movingFrom() != null) ? known.movingFrom() : ""),
					RedisLink.arg(next.relay()), RedisLink.arg((next.movingFrom() != null) ? next.movingFrom() : ""))
				.toCompletableFuture());
		String from = text(now.get(1));
		return new RelayAgreement(text(now.get(0)), from.isEmpty() ? null : from);
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.US_ASCII);
	}

}
