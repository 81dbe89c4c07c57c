package dev.realtime.spring.journey;

import org.springframework.context.ConfigurableApplicationContext;

/** nginx before nodes that serve clients on the Netty listener. */
class BehindNginxOnNettyIT extends ProxyContract {

	BehindNginxOnNettyIT() {
		super("nginx", ChatNode.ON_NETTY);
	}

	@Override
	ProxyServer start(ConfigurableApplicationContext one, ConfigurableApplicationContext two) {
		return ProxyServer.nginx(ChatNode.port(one), ChatNode.port(two));
	}

}
