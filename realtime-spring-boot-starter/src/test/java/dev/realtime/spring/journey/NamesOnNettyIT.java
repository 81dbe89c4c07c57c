package dev.realtime.spring.journey;

import dev.realtime.testing.RedisServer;

import org.springframework.context.ConfigurableApplicationContext;

/** On the Netty listener. */
class NamesOnNettyIT extends NamesContract {

	@Override
	ConfigurableApplicationContext node() {
		return UnreadNode.start(RedisServer.shared().port(), "jdbc:h2:mem:nettynames;DB_CLOSE_DELAY=-1",
				"realtime.redis.prefix=nettynames", "realtime.topics.all.pattern=**",
				"realtime.topics.all.presence=true", "realtime.topics.all.client-publish=true", ChatNode.ON_NETTY);
	}

}
