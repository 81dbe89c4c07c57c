package dev.realtime.spring.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of clients' SUBSCRIBEs, and their key values. A bean of this
 * type replaces {@link DefaultSubscribeObservationConvention}. Called by the threads that
 * observe; must be quick.
 */
public interface SubscribeObservationConvention extends ObservationConvention<SubscribeObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof SubscribeObservationContext;
	}

}
