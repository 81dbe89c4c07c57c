package dev.realtime.spring.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of deliveries, and their key values. A bean of this type
 * replaces {@link DefaultDeliverObservationConvention}. Called by the threads that
 * observe; must be quick.
 */
public interface DeliverObservationConvention extends ObservationConvention<DeliverObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof DeliverObservationContext;
	}

}
