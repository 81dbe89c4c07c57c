package dev.realtime.spring.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of publications, and their key values. A bean of this type
 * replaces {@link DefaultPublishObservationConvention}. Called by the threads that
 * observe; must be quick.
 */
public interface PublishObservationConvention extends ObservationConvention<PublishObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof PublishObservationContext;
	}

}
