package dev.realtime.test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import dev.realtime.spring.FleetRedis;
import io.lettuce.core.ScriptOutputType;

import org.springframework.beans.factory.BeanFactory;

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

	private FleetKeys() {
	}

	/** Whether the application has topics in Redis. The types of Redis may be missing. */
	static boolean existIn(BeanFactory application) {
		return application.containsBean("realtimeFleetRedis");
	}

	/**
	 * Deletes the keys of all partitions, with the presence of users. What the nodes of
	 * the fleet have agreed on, blocks and keys of others stay.
	 * @throws RuntimeException if Redis does not answer
	 */
	static void delete(BeanFactory application) {
		FleetRedis redis = application.getBean(FleetRedis.class);
		RedisKeys keys = redis.keys();
		try (RedisLink link = redis.link(new Loops(), "realtime-test-faults")) {
			List<CompletableFuture<?>> deletions = new ArrayList<>();
			for (int partition = 0; partition < keys.partitions().count(); partition++) {
				deletions.add(link.<Long>eval(DELETE, ScriptOutputType.INTEGER, new byte[][] { keys.of("", partition) })
					.toCompletableFuture());
			}
			deletions.forEach(CompletableFuture::join);
		}
	}

}
