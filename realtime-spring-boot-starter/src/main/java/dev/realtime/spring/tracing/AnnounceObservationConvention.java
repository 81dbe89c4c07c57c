package dev.realtime.spring.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of announcements, and their key values. A bean of this type
 * replaces {@link DefaultAnnounceObservationConvention}. Called by the threads that
 * observe; must be quick.
 */
public interface AnnounceObservationConvention extends ObservationConvention<AnnounceObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof AnnounceObservationContext;
	}

}
