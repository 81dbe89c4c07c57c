package dev.realtime.spring.journey;

import org.springframework.context.ConfigurableApplicationContext;

/** HAProxy before nodes that serve clients on the Netty listener. */
class BehindHaproxyOnNettyIT extends ProxyContract {

	BehindHaproxyOnNettyIT() {
		super("haproxy", ChatNode.ON_NETTY);
	}

	@Override
	ProxyServer start(ConfigurableApplicationContext one, ConfigurableApplicationContext two) {
		return ProxyServer.haproxy(ChatNode.port(one), ChatNode.port(two), ChatNode.webPort(one),
				ChatNode.webPort(two));
	}

}
