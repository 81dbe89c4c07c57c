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

	@Override
	public String toString() {
		return "node " + this.environment.getProperty("local.server.port", "?");
	}

}
