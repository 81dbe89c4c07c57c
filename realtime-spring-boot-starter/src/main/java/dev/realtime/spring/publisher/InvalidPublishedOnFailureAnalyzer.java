package dev.realtime.spring.publisher;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names the type of events whose annotation is wrong. */
class InvalidPublishedOnFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPublishedOnException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPublishedOnException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Change the type of the event or its annotation.", cause);
	}

}
