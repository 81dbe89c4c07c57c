package dev.realtime.spring.publisher;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in a sentence which publisher is wrong. */
class InvalidTopicPublisherFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTopicPublisherException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidTopicPublisherException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), "Change the method or its annotation.", cause);
	}

}
