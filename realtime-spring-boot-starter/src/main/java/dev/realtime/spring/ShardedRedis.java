package dev.realtime.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.ShardListException;
import dev.realtime.redis.ShardServers;
import dev.realtime.redis.ShardedRedisClient;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The client of {@code realtime.redis.shards}: with addresses, credentials and TLS of
 * their URIs, threads of its own, and the client options of the application's Lettuce
 * (its time limits and TLS bundle). Nothing is connected to the application's own Redis.
 */
final class ShardedRedis implements AutoCloseable {

	private static final Pattern ADDRESS = Pattern
		.compile("rediss?://(?:.*@)?(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::\\d{1,5})?(?:[/?].*)?");

	private static final Duration LONGEST_SHUTDOWN = Duration.ofSeconds(2);

	private final ClientResources resources = DefaultClientResources.create();

	private final ShardedRedisClient client;

	private final List<String> names;

	/**
	 * A client that is not yet connected.
	 * @throws InvalidRealtimePropertyException when the list is illegal
	 */
	ShardedRedis(List<String> shards, int generation, RedisConnectionFactory factory, RedisKeys keys) {
		List<RedisURI> uris = uris(shards);
		this.names = uris.stream().map(ShardServers::name).toList();
		this.client = new ShardedRedisClient(this.resources, options(factory), uris, generation, keys);
	}

	/** Checks a list; never shows a password. */
	static List<RedisURI> uris(List<String> shards) {
		List<RedisURI> uris = new ArrayList<>();
		List<String> names = new ArrayList<>();
		for (int i = 0; i < shards.size(); i++) {
			String property = ShardListException.SHARDS + '[' + i + ']';
			RedisURI uri = uri(property, shards.get(i));
			PropertyBounds.check(!names.contains(ShardServers.name(uri)), property, ShardServers.name(uri),
					"must name each server once, but this one is in the list twice");
			names.add(ShardServers.name(uri));
			uris.add(uri);
		}
		return uris;
	}

	private static RedisURI uri(String property, String text) {
		Matcher parts = ADDRESS.matcher(text);
		try {
			RedisURI uri = parts.matches() ? RedisURI.create(text) : null;
			if (uri != null && parts.group("host").equals(uri.getHost()) && uri.getPort() > 0
					&& uri.getPort() <= 65_535) {
				return uri;
			}
		}
		catch (IllegalArgumentException ex) {
			// its message has the password
		}
		throw new InvalidRealtimePropertyException(property, text.replaceAll("^([a-z-]*:?/*).*@", "$1***@"),
				"must be one server such as redis://user:password@host:6379, or rediss:// for TLS, "
						+ "with special characters of the password percent-encoded");
	}

	private static ClientOptions options(RedisConnectionFactory factory) {
		return (factory instanceof LettuceConnectionFactory lettuce)
				? lettuce.getClientConfiguration().getClientOptions().orElseGet(ClientOptions::create)
				: ClientOptions.create();
	}

	AbstractRedisClient client() {
		return this.client;
	}

	/** The servers, without credentials. */
	List<String> names() {
		return this.names;
	}

	/** Waits two seconds at most for each of client and threads. */
	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, LONGEST_SHUTDOWN);
		this.resources.shutdown(0, LONGEST_SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS)
			.awaitUninterruptibly(LONGEST_SHUTDOWN.toMillis());
	}

}
