package dev.realtime.spring;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Where Kafka is, and how to connect to it, as Boot's {@code spring.kafka} says. Read by
 * name, because the type of these properties is in another package in Boot 4.
 */
final class SpringKafka {

	private static final String PREFIX = "spring.kafka.";

	/** What is said of connections; the rest concerns what the application does. */
	private static final List<String> OF_CONNECTIONS = List.of("security.", "sasl.", "ssl.");

	/** A name below spring.kafka.ssl, and what Kafka's clients call it. */
	private static final Map<String, String> TLS = Map.ofEntries(Map.entry("key-password", "ssl.key.password"),
			Map.entry("key-store-certificate-chain", "ssl.keystore.certificate.chain"),
			Map.entry("key-store-key", "ssl.keystore.key"), Map.entry("key-store-password", "ssl.keystore.password"),
			Map.entry("key-store-type", "ssl.keystore.type"), Map.entry("protocol", "ssl.protocol"),
			Map.entry("trust-store-certificates", "ssl.truststore.certificates"),
			Map.entry("trust-store-password", "ssl.truststore.password"),
			Map.entry("trust-store-type", "ssl.truststore.type"));

	private static final Map<String, String> TLS_FILES = Map.of("key-store-location", "ssl.keystore.location",
			"trust-store-location", "ssl.truststore.location");

	private final Environment environment;

	private final ResourceLoader resources;

	SpringKafka(Environment environment, ResourceLoader resources) {
		this.environment = environment;
		this.resources = resources;
	}

	/** The brokers' addresses, with commas between them. */
	String bootstrapServers() {
		return String.join(",",
				Binder.get(this.environment)
					.bind(PREFIX + "bootstrap-servers", Bindable.listOf(String.class))
					.orElse(List.of("localhost:9092")));
	}

	/**
	 * Properties of Kafka's clients.
	 * @throws InvalidRealtimePropertyException when the relay cannot do what one says
	 */
	Map<String, String> properties() {
		Map<String, String> properties = new HashMap<>();
		String bundle = this.environment.getProperty(PREFIX + "ssl.bundle");
		if (bundle != null) {
			throw new InvalidRealtimePropertyException(PREFIX + "ssl.bundle", bundle,
					"is not used by the relay over Kafka; set spring.kafka.ssl.trust-store-location and the like, or "
							+ "realtime.relay.kafka.bootstrap-servers and realtime.relay.kafka.properties");
		}
		put(properties, "security.protocol", PREFIX + "security.protocol");
		TLS.forEach((name, client) -> put(properties, client, PREFIX + "ssl." + name));
		TLS_FILES.forEach((name, client) -> putFile(properties, client, PREFIX + "ssl." + name));
		Binder.get(this.environment)
			.bind(PREFIX + "properties", Bindable.mapOf(String.class, String.class))
			.orElse(Map.of())
			.forEach((name, value) -> {
				if (OF_CONNECTIONS.stream().anyMatch(name::startsWith)) {
					properties.put(name, value);
				}
			});
		return properties;
	}

	private void put(Map<String, String> properties, String client, String property) {
		String value = this.environment.getProperty(property);
		if (value != null) {
			properties.put(client, value);
		}
	}

	private void putFile(Map<String, String> properties, String client, String property) {
		String value = this.environment.getProperty(property);
		if (value == null) {
			return;
		}
		try {
			properties.put(client, this.resources.getResource(value).getFile().getAbsolutePath());
		}
		catch (IOException ex) {
			throw new InvalidRealtimePropertyException(property, value,
					"must be a file, because Kafka's client opens it itself");
		}
	}

}
