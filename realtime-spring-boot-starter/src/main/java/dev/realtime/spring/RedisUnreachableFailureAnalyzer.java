package dev.realtime.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when Redis cannot be reached, or refuses. */
class RedisUnreachableFailureAnalyzer extends AbstractFailureAnalyzer<RedisUnreachableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RedisUnreachableException cause) {
		String why = cause.why();
		if (why != null) {
			int action = why.indexOf("; ");
			return new FailureAnalysis(
					"Realtime could not start with the Redis at " + cause.address() + ": " + why + '.', (action > 0)
							? Character.toUpperCase(why.charAt(action + 2)) + why.substring(action + 3) + '.' : why,
					cause);
		}
		return new FailureAnalysis("Realtime could not start: Redis cannot be reached at " + cause.address() + ".",
				(cause.isShards() ? "Start Redis there, or name other servers in realtime.redis.shards. "
						: "Start Redis there, or name another with spring.data.redis.host and spring.data.redis.port. ")
						+ "For a single node without Redis set realtime.broker=memory.",
				cause);
	}

}
