package dev.realtime.spring;

import java.util.Locale;

import dev.realtime.relay.RelayCredentialsException;
import dev.realtime.relay.RelayUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Says what to do when the engine of the relay is away or refuses this node. */
class RelayUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<RelayUnavailableException> {

	private final Environment environment;

	RelayUnavailableFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RelayUnavailableException cause) {
		String type = this.environment.getProperty(RelayProperties.TYPE, "auto").toLowerCase(Locale.ROOT);
		String action = (cause instanceof RelayCredentialsException) ? credentials(type) : "Check " + properties(type)
				+ " and the server that they name, or choose another relay with " + RelayProperties.TYPE + '.';
		return new FailureAnalysis("Realtime could not start its relay (" + RelayProperties.TYPE + "=" + type + "): "
				+ cause.getMessage() + '.', action, cause);
	}

	/** Where the engine's address may be set. */
	private static String properties(String type) {
		String own = "the properties realtime.relay." + type + ".*";
		return switch (type) {
			case "rabbit" -> own + " and spring.rabbitmq.*";
			case "kafka" -> own + " and spring.kafka.*";
			default -> own;
		};
	}

	private static String credentials(String type) {
		return switch (type) {
			case "nats" -> "Set realtime.relay.nats.username and realtime.relay.nats.password, or "
					+ "realtime.relay.nats.token or realtime.relay.nats.credentials, to what the server accepts.";
			case "rabbit" -> "Set user and password in realtime.relay.rabbit.uri, or spring.rabbitmq.username and "
					+ "spring.rabbitmq.password, to what the server accepts.";
			case "kafka" -> "Set sasl.mechanism and sasl.jaas.config in spring.kafka.properties, or in "
					+ "realtime.relay.kafka.properties if the addresses are there, to what the brokers accept.";
			default -> "Check the credentials in " + properties(type) + '.';
		};
	}

}
