package dev.realtime.spring.webhook;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.spring.WebhookEvent;
import org.jspecify.annotations.Nullable;

/**
 * What webhooks are told of.
 *
 * @param event which kind
 * @param topic which topic, unless it is about a client
 * @param key requests of the same key follow each other
 * @param time when it happened
 * @param data the members of {@code data}, in their order
 */
record Happening(WebhookEvent event, @Nullable Topic topic, String key, Instant time, Map<String, String> data) {

	static Happening ofTopic(WebhookEvent event, Topic topic, String node, Instant time) {
		Map<String, String> data = new LinkedHashMap<>();
		data.put("topic", topic.name());
		data.put("node", node);
		return new Happening(event, topic, topic.name(), time, data);
	}

	/** Those of one user on one node have one order. */
	static Happening ofClient(WebhookEvent event, Connection connection, String node, Instant time) {
		Map<String, String> data = new LinkedHashMap<>();
		data.put("connection", connection.id());
		String user = connection.user();
		if (user != null) {
			data.put("user", user);
		}
		data.put("transport", connection.transport().word());
		data.put("node", node);
		return new Happening(event, null, (user != null) ? user : connection.id(), time, data);
	}

}
