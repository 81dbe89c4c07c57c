package dev.realtime.spring.ticket;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tickets as {@link RedisTicketStore} does, on the independent servers that have
 * the topics. Each call waits up to {@code realtime.redis.timeout} for its server.
 */
final class ShardedTicketStore implements TicketStore, AutoCloseable {

	private static final String KIND = "ticket";

	private static final byte[] TAKEN = {};

	private final RedisLink link;

	private final RedisKeys keys;

	private final Duration time;

	/**
	 * Makes a store.
	 * @param link closed with it
	 * @param time how long it is remembered that a ticket was taken
	 */
	ShardedTicketStore(RedisLink link, RedisKeys keys, Duration time) {
		this.link = link;
		this.keys = keys;
		this.time = time;
	}

	@Override
	public boolean put(String key, String value, Duration time) {
		set(this.keys.spread(KIND, key), value.getBytes(StandardCharsets.UTF_8), time);
		return true;
	}

	@Override
	public @Nullable String take(String key) {
		byte[] name = this.keys.spread(KIND, key);
		byte[] value = run("GETDEL", name, (redis) -> redis.getdel(name));
		if (value == null) {
			return null;
		}
		set(name, TAKEN, this.time);
		return (value.length > 0) ? new String(value, StandardCharsets.UTF_8) : null;
	}

	@Override
	public boolean wasTaken(String key) {
		byte[] name = this.keys.spread(KIND, key);
		byte[] value = run("GET", name, (redis) -> redis.get(name));
		return value != null && value.length == 0;
	}

	private void set(byte[] name, byte[] value, Duration time) {
		run("SET", name, (redis) -> redis.set(name, value, SetArgs.Builder.px(time)));
	}

	private <T> @Nullable T run(String what, byte[] name,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		try {
			return this.link.run(what, name, command).toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			throw (RedisLink.unwrap(ex) instanceof RuntimeException failure) ? failure : ex;
		}
	}

	@Override
	public void close() {
		this.link.close();
	}

}
