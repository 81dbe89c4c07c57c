package dev.realtime.test;

import java.nio.charset.StandardCharsets;
import java.util.Set;

import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import dev.realtime.spring.FleetRedis;
import io.lettuce.core.ScriptOutputType;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What a fleet keeps in Redis about its topics. */
final class FleetKeys {

	/**
	 * Deletes the keys of a partition in one step, so that no publication finds a half of
	 * them.
	 */
	private static final RedisScript DELETE = new RedisScript("test kit: delete a partition", """
			for _, key in ipairs(redis.call('KEYS', '*' .. string.match(KEYS[1], '{[^}]*}:$') .. '*')) do
			  if string.sub(key, 1, #KEYS[1]) == KEYS[1] then redis.call('DEL', key) end
			end
			return 1
			""");

	private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");

	private FleetKeys() {
	}

	/** Whether the application has topics in Redis. The types of Redis may be missing. */
	static boolean existIn(BeanFactory application) {
		return application.containsBean("realtimeFleetRedis");
	}

	/**
	 * Deletes the keys of all partitions, with the presence of users. What the nodes of
	 * the fleet have agreed on, blocks and keys of others stay.
	 * @throws IllegalStateException if that would be all of a fleet with the default
	 * prefix in a Redis of another machine, which may be a fleet that people use
	 * @throws RuntimeException if Redis does not answer
	 */
	static void delete(BeanFactory application) {
		FleetRedis redis = application.getBean(FleetRedis.class);
		RedisKeys keys = redis.keys();
		if (!isOneServerHere(redis) && new String(keys.global(""), StandardCharsets.UTF_8).equals("rt:")) {
			throw new IllegalStateException(
					"RealtimeFaults.loseNumbering would delete all topics of the prefix \"rt\", "
							+ "which is everybody's default, in a Redis that is not one server on this machine. Set realtime.redis.prefix "
							+ "for the test");
		}
		try (RedisLink link = redis.link(new Loops(), "realtime-test-faults")) {
			// One after the other, because each looks at all keys of the server.
			for (int partition = 0; partition < keys.partitions().count(); partition++) {
				Long unused = link.<Long>eval(DELETE, ScriptOutputType.INTEGER, new byte[][] { keys.of("", partition) })
					.toCompletableFuture()
					.join();
			}
		}
	}

	private static boolean isOneServerHere(FleetRedis redis) {
		return !redis.isSharded() && redis.factory() instanceof LettuceConnectionFactory lettuce
				&& !lettuce.isClusterAware() && !lettuce.isRedisSentinelAware()
				&& THIS_MACHINE.contains(lettuce.getHostName());
	}

}
