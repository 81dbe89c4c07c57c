package dev.realtime.testing;

import dev.realtime.redis.RedisKeys;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.sequence.redis.RedisTopicCounter;

/** Counters in the Redis that tests share; they go with the JVM. */
public final class Counters {

	private Counters() {
	}

	/** A counter in Redis: the same one however often it is asked for. */
	public static TopicCounter redis() {
		return Shared.COUNTER;
	}

	private static final class Shared {

		private static final TopicCounter COUNTER = new RedisTopicCounter(
				new RedisFleet(RedisServer.shared().uri()).link(), new RedisKeys("durable"));

	}

}
