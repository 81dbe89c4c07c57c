package dev.realtime.spring;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says in a sentence which property is wrong. Comes before Boot's analyzer of binding
 * failures, which would name the class that could not be made.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
class RealtimeFailureAnalyzer extends AbstractFailureAnalyzer<InvalidRealtimePropertyException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, InvalidRealtimePropertyException cause) {
		String action = (cause.value() != null) ? "Change " + cause.property() + ": it " + cause.why() + "."
				: "Set " + cause.property() + ".";
		return new FailureAnalysis(String.valueOf(cause.getMessage()), action, cause);
	}

}
