package dev.realtime.spring.webhook;

import java.nio.charset.StandardCharsets;

import dev.realtime.json.Json;

/**
 * One event on its way to one webhook.
 *
 * @param id the same for each attempt
 * @param key requests of the same key follow each other
 * @param body JSON
 * @param sinceNanos when it happened, in the time of the environment
 */
record WebhookMessage(String id, String key, String body, long sinceNanos) {

	/** Makes the message of an event. */
	static WebhookMessage of(String id, Happening happening, long sinceNanos) {
		String body = new Json(160).open('{')
			.name("type")
			.value(happening.event().type())
			.name("timestamp")
			.value(happening.time().toString())
			.object("data", happening.data())
			.close('}')
			.toString();
		return new WebhookMessage(id, happening.key(), body, sinceNanos);
	}

	byte[] bytes() {
		return this.body.getBytes(StandardCharsets.UTF_8);
	}

}
