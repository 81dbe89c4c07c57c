package dev.realtime.spring.tracing;

import dev.realtime.spring.tracing.RealtimeObservation.HighCardinality;
import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/**
 * The names of observations of clients' SUBSCRIBEs, unless the application has others.
 */
public class DefaultSubscribeObservationConvention implements SubscribeObservationConvention {

	@Override
	public String getName() {
		return "realtime.client.subscribe";
	}

	@Override
	public String getContextualName(SubscribeObservationContext context) {
		return "receive SUBSCRIBE";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(SubscribeObservationContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("subscribe"),
				LowCardinality.RULE.of(context.rule()), LowCardinality.TRANSPORT.of(context.transport()),
				LowCardinality.OUTCOME.of(context.outcome()), LowCardinality.REASON.of(context.reason()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(SubscribeObservationContext context) {
		return KeyValues.of(HighCardinality.DESTINATION.of(context.destination()));
	}

}
