package dev.realtime.spring.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import dev.realtime.Topic;
import dev.realtime.json.Json;
import dev.realtime.spring.WebhookEvent;

/**
 * One event on its way to one webhook.
 *
 * @param id the same for each attempt
 * @param topic whose requests follow each other
 * @param body JSON
 * @param sinceNanos when it happened, in the time of the environment
 */
record WebhookMessage(String id, Topic topic, String body, long sinceNanos) {

	/** Makes the message of an event. */
	static WebhookMessage of(String id, WebhookEvent event, Topic topic, String node, Instant time, long sinceNanos) {
		String body = new Json(160).open('{')
			.name("type")
			.value(event.type())
			.name("timestamp")
			.value(time.toString())
			.name("data")
			.open('{')
			.name("topic")
			.value(topic.name())
			.name("node")
			.value(node)
			.close('}')
			.close('}')
			.toString();
		return new WebhookMessage(id, topic, body, sinceNanos);
	}

	byte[] bytes() {
		return this.body.getBytes(StandardCharsets.UTF_8);
	}

}
