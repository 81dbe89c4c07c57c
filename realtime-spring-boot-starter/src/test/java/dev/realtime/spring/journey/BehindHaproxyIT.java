package dev.realtime.spring.journey;

import org.springframework.context.ConfigurableApplicationContext;

/** HAProxy before nodes that serve clients on the servlet port. */
class BehindHaproxyIT extends ProxyContract {

	BehindHaproxyIT() {
		super("haproxy");
	}

	@Override
	ProxyServer start(ConfigurableApplicationContext one, ConfigurableApplicationContext two) {
		return ProxyServer.haproxy(ChatNode.port(one), ChatNode.port(two), ChatNode.webPort(one),
				ChatNode.webPort(two));
	}

}
