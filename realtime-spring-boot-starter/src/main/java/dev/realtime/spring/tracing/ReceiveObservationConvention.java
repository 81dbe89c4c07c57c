package dev.realtime.spring.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of clients' SENDs, and their key values. A bean of this type
 * replaces {@link DefaultReceiveObservationConvention}. Called by the threads that
 * observe; must be quick.
 */
public interface ReceiveObservationConvention extends ObservationConvention<ReceiveObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof ReceiveObservationContext;
	}

}
