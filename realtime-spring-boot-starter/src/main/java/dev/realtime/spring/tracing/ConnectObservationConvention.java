package dev.realtime.spring.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of clients' CONNECTs, and their key values. A bean of this type
 * replaces {@link DefaultConnectObservationConvention}. Called by the threads that
 * observe; must be quick.
 */
public interface ConnectObservationConvention extends ObservationConvention<ConnectObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof ConnectObservationContext;
	}

}
