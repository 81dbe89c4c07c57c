package dev.realtime.spring.tracing;

import dev.realtime.spring.tracing.RealtimeObservation.HighCardinality;
import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of observations of announcements, unless the application has others. */
public class DefaultAnnounceObservationConvention implements AnnounceObservationConvention {

	@Override
	public String getName() {
		return "realtime.message.announce";
	}

	@Override
	public String getContextualName(AnnounceObservationContext context) {
		return "announce " + context.rule();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(AnnounceObservationContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("announce"),
				LowCardinality.RULE.of(context.rule()),
				LowCardinality.OUTCOME.of((context.getError() != null) ? "failed" : "ok"));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(AnnounceObservationContext context) {
		return KeyValues.of(HighCardinality.DESTINATION.of(context.message().topic().name()),
				HighCardinality.POSITION.of(context.message().position().toString()));
	}

}
