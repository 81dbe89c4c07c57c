package dev.realtime.spring.ticket;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.realtime.redis.RedisKeys;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStringCommands.SetOption;
import org.springframework.data.redis.core.types.Expiration;

/**
 * Keeps tickets in Redis, on the application's own connection, spread by the partition of
 * their digests:
 *
 * <pre>
 * rt:{…}:ticket:DIGEST   string   the user, until the ticket is taken or its time is over;
 *                               then empty for the same time once more
 * </pre>
 */
final class RedisTicketStore implements TicketStore {

	private static final String KIND = "ticket";

	private static final byte[] TAKEN = {};

	private final RedisConnectionFactory factory;

	private final RedisKeys keys;

	private final Duration time;

	/**
	 * Makes a store.
	 * @param time how long it is remembered that a ticket was taken
	 */
	RedisTicketStore(RedisConnectionFactory factory, RedisKeys keys, Duration time) {
		this.time = time;
		this.factory = factory;
		this.keys = keys;
	}

	@Override
	public boolean put(String key, String value, Duration time) {
		try (RedisConnection connection = this.factory.getConnection()) {
			connection.stringCommands()
				.set(this.keys.spread(KIND, key), value.getBytes(StandardCharsets.UTF_8), Expiration.from(time),
						SetOption.upsert());
			return true;
		}
	}

	@Override
	public @Nullable String take(String key) {
		try (RedisConnection connection = this.factory.getConnection()) {
			byte[] name = this.keys.spread(KIND, key);
			byte[] value = connection.stringCommands().getDel(name);
			if (value == null) {
				return null;
			}
			connection.stringCommands().set(name, TAKEN, Expiration.from(this.time), SetOption.upsert());
			return (value.length > 0) ? new String(value, StandardCharsets.UTF_8) : null;
		}
	}

	@Override
	public boolean wasTaken(String key) {
		try (RedisConnection connection = this.factory.getConnection()) {
			byte[] value = connection.stringCommands().get(this.keys.spread(KIND, key));
			return value != null && value.length == 0;
		}
	}

}
