package dev.realtime.sample.chat;

import dev.realtime.sample.chat.fleet.NodeName;

import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** What the page wants to know, once over HTTP and once on each connection. */
@Controller
class PageController {

	private final ChatProperties properties;

	private final NodeName name;

	PageController(ChatProperties properties, NodeName name) {
		this.properties = properties;
		this.name = name;
	}

	@GetMapping("/chat/config")
	@ResponseBody
	ChatProperties config() {
		return this.properties;
	}

	/** Answers the SUBSCRIBE itself, so each new connection learns who serves it. */
	@SubscribeMapping("/node")
	Node node() {
		return new Node(this.name.toString());
	}

	/**
	 * Who serves a connection.
	 *
	 * @param name of the node
	 */
	record Node(String name) {
	}

}
