package dev.realtime.spring.tracing;

import dev.realtime.spring.tracing.RealtimeObservation.HighCardinality;
import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of observations of recoveries, unless the application has others. */
public class DefaultRecoverObservationConvention implements RecoverObservationConvention {

	@Override
	public String getName() {
		return "realtime.client.recover";
	}

	@Override
	public String getContextualName(RecoverObservationContext context) {
		return "recover " + context.rule();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(RecoverObservationContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("recover"),
				LowCardinality.RULE.of(context.rule()), LowCardinality.OUTCOME.of(context.outcome()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(RecoverObservationContext context) {
		return KeyValues.of(HighCardinality.DESTINATION.of(context.destination()),
				HighCardinality.MESSAGES.of(Integer.toString(context.messages())));
	}

}
