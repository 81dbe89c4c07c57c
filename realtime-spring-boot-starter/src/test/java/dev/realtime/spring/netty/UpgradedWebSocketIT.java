package dev.realtime.spring.netty;

import java.io.IOException;

/** On the port of Tomcat, or of Jetty, whose sockets are taken over. */
class UpgradedWebSocketIT extends WebSocketContract {

	UpgradedWebSocketIT() throws IOException {
		super(Quiet.NODE, Quiet.NODE.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

}
