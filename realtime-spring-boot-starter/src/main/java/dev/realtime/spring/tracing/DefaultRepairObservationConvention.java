package dev.realtime.spring.tracing;

import dev.realtime.spring.tracing.RealtimeObservation.HighCardinality;
import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of observations of repairs, unless the application has others. */
public class DefaultRepairObservationConvention implements RepairObservationConvention {

	@Override
	public String getName() {
		return "realtime.message.repair";
	}

	@Override
	public String getContextualName(RepairObservationContext context) {
		return "repair " + context.rule();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(RepairObservationContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("repair"),
				LowCardinality.RULE.of(context.rule()), LowCardinality.CAUSE.of(context.cause()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(RepairObservationContext context) {
		return KeyValues.of(HighCardinality.DESTINATION.of(context.topic().name()),
				HighCardinality.POSITION.of(context.last().toString()),
				HighCardinality.MESSAGES.of(Integer.toString(context.messages())),
				HighCardinality.NODE.of(context.node()));
	}

}
