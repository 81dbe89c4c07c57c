package dev.realtime.spring.tracing;

import dev.realtime.PublishReceipt;
import dev.realtime.spring.tracing.RealtimeObservation.HighCardinality;
import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of observations of publications, unless the application has others. */
public class DefaultPublishObservationConvention implements PublishObservationConvention {

	@Override
	public String getName() {
		return "realtime.message.publish";
	}

	@Override
	public String getContextualName(PublishObservationContext context) {
		return "publish " + context.rule();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(PublishObservationContext context) {
		String outcome = (context.receipt() != null) ? "ok" : (context.getError() != null) ? "failed" : "none";
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("send"),
				LowCardinality.RULE.of(context.rule()), LowCardinality.OUTCOME.of(outcome));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(PublishObservationContext context) {
		KeyValues topic = KeyValues.of(HighCardinality.DESTINATION.of(context.publication().topic().name()));
		PublishReceipt receipt = context.receipt();
		return (receipt != null) ? topic.and(HighCardinality.POSITION.of(receipt.position().toString())) : topic;
	}

}
