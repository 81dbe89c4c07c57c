package dev.realtime.spring.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of repairs, and their key values. A bean of this type replaces
 * {@link DefaultRepairObservationConvention}. Called by the threads that observe; must be
 * quick.
 */
public interface RepairObservationConvention extends ObservationConvention<RepairObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof RepairObservationContext;
	}

}
