package dev.realtime.spring.journey;

import dev.realtime.testing.RedisServer;

import org.springframework.context.ConfigurableApplicationContext;

/** In the servlet container. */
class NamesIT extends NamesContract {

	@Override
	ConfigurableApplicationContext node() {
		return UnreadNode.start(RedisServer.shared().port(), "jdbc:h2:mem:names;DB_CLOSE_DELAY=-1",
				"realtime.redis.prefix=names", "realtime.topics.all.pattern=**", "realtime.topics.all.presence=true",
				"realtime.topics.all.client-publish=true");
	}

}
