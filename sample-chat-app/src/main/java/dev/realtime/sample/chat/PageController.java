package dev.realtime.sample.chat;

import org.springframework.core.env.Environment;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** What the page wants to know, once over HTTP and once over its WebSocket. */
@Controller
class PageController {

	private final ChatProperties properties;

	private final Environment environment;

	PageController(ChatProperties properties, Environment environment) {
		this.properties = properties;
		this.environment = environment;
	}

	@GetMapping("/chat/config")
	@ResponseBody
	ChatProperties config() {
		return this.properties;
	}

	/** Answers the SUBSCRIBE itself, so each new connection learns who serves it. */
	@SubscribeMapping("/node")
	Node node() {
		return new Node("node " + this.environment.getProperty("local.server.port", "?"));
	}

	/**
	 * Who serves a connection.
	 *
	 * @param name by its port, since that is how one tells the nodes of this sample apart
	 */
	record Node(String name) {
	}

}
