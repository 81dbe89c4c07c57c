package dev.realtime.spring.tracing;

import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of observations of clients' CONNECTs, unless the application has others. */
public class DefaultConnectObservationConvention implements ConnectObservationConvention {

	@Override
	public String getName() {
		return "realtime.client.connect";
	}

	@Override
	public String getContextualName(ConnectObservationContext context) {
		return "receive CONNECT";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ConnectObservationContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("connect"),
				LowCardinality.TRANSPORT.of(context.transport()), LowCardinality.OUTCOME.of(context.outcome()),
				LowCardinality.REASON.of(context.reason()));
	}

}
