package dev.realtime.spring.ticket;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.realtime.Topic;
import dev.realtime.redis.RedisKeys;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStringCommands.SetOption;
import org.springframework.data.redis.core.types.Expiration;

/**
 * Keeps tickets in Redis, on the application's own connection:
 *
 * <pre>
 * rt:{_fleet.tickets}:DIGEST   string   the user, until the ticket is taken or its time is over
 * </pre>
 */
final class RedisTicketStore implements TicketStore {

	private static final Topic TOPIC = Topic.of("_fleet.tickets");

	private final RedisConnectionFactory factory;

	private final RedisKeys keys;

	RedisTicketStore(RedisConnectionFactory factory, RedisKeys keys) {
		this.factory = factory;
		this.keys = keys;
	}

	@Override
	public boolean put(String key, String value, Duration time) {
		try (RedisConnection connection = this.factory.getConnection()) {
			connection.stringCommands()
				.set(this.keys.of(TOPIC, ':' + key), value.getBytes(StandardCharsets.UTF_8), Expiration.from(time),
						SetOption.upsert());
			return true;
		}
	}

	@Override
	public @Nullable String take(String key) {
		try (RedisConnection connection = this.factory.getConnection()) {
			byte[] value = connection.stringCommands().getDel(this.keys.of(TOPIC, ':' + key));
			return (value != null) ? new String(value, StandardCharsets.UTF_8) : null;
		}
	}

}
