package dev.realtime.spring.tracing;

import dev.realtime.spring.tracing.RealtimeObservation.HighCardinality;
import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of observations of deliveries, unless the application has others. */
public class DefaultDeliverObservationConvention implements DeliverObservationConvention {

	@Override
	public String getName() {
		return "realtime.message.deliver";
	}

	@Override
	public String getContextualName(DeliverObservationContext context) {
		return "deliver " + context.rule();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(DeliverObservationContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("deliver"),
				LowCardinality.RULE.of(context.rule()), LowCardinality.OUTCOME.of("none"));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(DeliverObservationContext context) {
		return KeyValues.of(HighCardinality.DESTINATION.of(context.message().topic().name()),
				HighCardinality.POSITION.of(context.message().position().toString()),
				HighCardinality.MESSAGES.of(Integer.toString(context.messages().size())),
				HighCardinality.NODE.of(context.node()));
	}

}
