package dev.realtime.spring.netty;

import java.io.IOException;

/** On Tomcat's port, whose sockets are taken over. */
class UpgradedWebSocketIT extends WebSocketContract {

	UpgradedWebSocketIT() throws IOException {
		super(Quiet.NODE, Quiet.NODE.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

}
