package dev.realtime.spring.tracing;

import dev.realtime.PublishReceipt;
import dev.realtime.spring.tracing.RealtimeObservation.HighCardinality;
import dev.realtime.spring.tracing.RealtimeObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/**
 * The names of observations of the storing of messages, unless the application has
 * others.
 */
public class DefaultStoreObservationConvention implements StoreObservationConvention {

	@Override
	public String getName() {
		return "realtime.message.store";
	}

	@Override
	public String getContextualName(StoreObservationContext context) {
		return "store " + context.rule();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(StoreObservationContext context) {
		return KeyValues.of(LowCardinality.SYSTEM.of("realtime"), LowCardinality.OPERATION.of("store"),
				LowCardinality.RULE.of(context.rule()),
				LowCardinality.OUTCOME.of((context.receipt() != null) ? "ok" : "failed"));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(StoreObservationContext context) {
		KeyValues topic = KeyValues.of(HighCardinality.DESTINATION.of(context.publication().topic().name()));
		PublishReceipt receipt = context.receipt();
		return (receipt != null) ? topic.and(HighCardinality.POSITION.of(receipt.position().toString())) : topic;
	}

}
