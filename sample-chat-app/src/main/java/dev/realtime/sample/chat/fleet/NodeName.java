package dev.realtime.sample.chat.fleet;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** By its port, since that is how one tells the nodes of this sample apart. */
@Component
public class NodeName {

	private final Environment environment;

	NodeName(Environment environment) {
		this.environment = environment;
	}

	/**
	 * The WebSocket address at which pages find the node: {@code chat.url}, and on this
	 * machine its port.
	 */
	String url() {
		return this.environment.getProperty("chat.url", "ws://localhost:" + port() + "/realtime");
	}

	@Override
	public String toString() {
		return "node " + port();
	}

	private String port() {
		return this.environment.getProperty("local.server.port", "?");
	}

}
