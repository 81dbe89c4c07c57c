package dev.realtime.sample.chat.redis;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when the embedded Redis does not start. */
class EmbeddedRedisFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedRedisException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedRedisException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"If another program uses port " + cause.port() + ", choose another with --" + EmbeddedRedis.PORT
						+ "=16380 on every node. Or install Redis and name it with --spring.data.redis.host=localhost.",
				cause);
	}

}
