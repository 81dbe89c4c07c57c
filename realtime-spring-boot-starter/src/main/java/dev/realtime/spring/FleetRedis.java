package dev.realtime.spring;

import java.util.function.Function;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The Redis that the nodes of the fleet share.
 *
 * @param factory the application's connection factory for it
 */
public record FleetRedis(RedisConnectionFactory factory) {

	/**
	 * Makes something that connects at once.
	 * @throws RedisUnreachableException when Redis does not answer
	 * @throws RedisUnusableException when the client is not a Lettuce client of one
	 * server
	 */
	<T> T connected(Function<RedisClient, T> connect) {
		try {
			return connect.apply(client());
		}
		catch (RedisConnectionException ex) {
			throw new RedisUnreachableException(address(), ex);
		}
	}

	/**
	 * Returns the application's own Lettuce client.
	 * @throws RedisUnusableException when it is another one
	 */
	RedisClient client() {
		if (!(this.factory instanceof LettuceConnectionFactory lettuce)) {
			throw new RedisUnusableException(
					"it needs Lettuce, and the application's RedisConnectionFactory is a "
							+ this.factory.getClass().getName(),
					"Remove spring.data.redis.client-type, or define a LettuceConnectionFactory beside yours and name "
							+ "it in realtime.redis.connection-factory. For a single node without Redis set "
							+ "realtime.broker=memory.");
		}
		AbstractRedisClient client = lettuce.getRequiredNativeClient();
		if (client instanceof RedisClient known) {
			return known;
		}
		throw new RedisUnusableException("it works with one Redis or Sentinel, not yet with Redis Cluster",
				"Point spring.data.redis at a single server, or name the LettuceConnectionFactory of one in "
						+ "realtime.redis.connection-factory. For a single node without Redis set "
						+ "realtime.broker=memory.");
	}

	private String address() {
		return (this.factory instanceof LettuceConnectionFactory lettuce)
				? lettuce.getHostName() + ':' + lettuce.getPort() : "the configured address";
	}

}
