package dev.realtime.spring.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of recoveries, and their key values. A bean of this type
 * replaces {@link DefaultRecoverObservationConvention}. Called by the threads that
 * observe; must be quick.
 */
public interface RecoverObservationConvention extends ObservationConvention<RecoverObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof RecoverObservationContext;
	}

}
