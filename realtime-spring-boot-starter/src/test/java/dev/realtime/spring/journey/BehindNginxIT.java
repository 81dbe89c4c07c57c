package dev.realtime.spring.journey;

import org.springframework.context.ConfigurableApplicationContext;

/** nginx before nodes that serve clients on the servlet port. */
class BehindNginxIT extends ProxyContract {

	BehindNginxIT() {
		super("nginx");
	}

	@Override
	ProxyServer start(ConfigurableApplicationContext one, ConfigurableApplicationContext two) {
		return ProxyServer.nginx(ChatNode.port(one), ChatNode.port(two));
	}

}
