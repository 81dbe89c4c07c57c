package dev.realtime.relay.kafka;

import java.util.Map;

/**
 * The properties of Kafka's clients for what else the engine does over Kafka, from the
 * same options as the relay's. No API for applications.
 */
public final class KafkaClients {

	private final ClientProperties properties;

	/** Clients for these brokers. */
	public KafkaClients(KafkaRelayOptions options) {
		this.properties = new ClientProperties(options);
	}

	/** For an admin client. */
	public Map<String, Object> admin() {
		return this.properties.admin();
	}

	/** For a producer; an acknowledgement comes within the timeout or not at all. */
	public Map<String, Object> producer() {
		return this.properties.producer();
	}

	/** For a consumer without a group that says when it cannot go on. */
	public Map<String, Object> consumer() {
		return this.properties.consumer();
	}

}
