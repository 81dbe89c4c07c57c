package dev.realtime.spring;

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
		String type = this.environment.getProperty(RelayProperties.TYPE, "auto");
		return new FailureAnalysis(
				"Realtime could not start its relay (" + RelayProperties.TYPE + "=" + type + "): " + cause.getMessage()
						+ '.',
				"Look at the properties realtime.relay." + type
						+ ".* and at the server that they name, or choose another relay with " + RelayProperties.TYPE
						+ '.',
				cause);
	}

}
