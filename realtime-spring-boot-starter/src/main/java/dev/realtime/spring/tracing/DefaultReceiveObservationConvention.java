package dev.realtime.spring.tracing;

import dev.realtime.spring.tracing.RealtimeObservation.HighCardinality;
import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of observations of SENDs, unless the application has others. */
public class DefaultReceiveObservationConvention implements ReceiveObservationConvention {

	@Override
	public String getName() {
		return "realtime.message.receive";
	}

	@Override
	public String getContextualName(ReceiveObservationContext context) {
		return "receive SEND";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ReceiveObservationContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("receive"),
				LowCardinality.RULE.of("none"), LowCardinality.OUTCOME.of("none"));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ReceiveObservationContext context) {
		return KeyValues.of(HighCardinality.DESTINATION.of(context.destination()));
	}

}
