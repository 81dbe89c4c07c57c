package dev.realtime.spring.netty;

import java.io.IOException;

import org.springframework.context.ConfigurableApplicationContext;

/** On the port of Tomcat, or of Jetty, whose sockets are taken over. */
class UpgradedFloodIT extends FloodContract {

	private static final ConfigurableApplicationContext NODE = ListeningNode.start("realtime.servlet.ping-interval=0",
			"realtime.servlet.transport=direct");

	UpgradedFloodIT() throws IOException {
		super(NODE, NODE.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

}
