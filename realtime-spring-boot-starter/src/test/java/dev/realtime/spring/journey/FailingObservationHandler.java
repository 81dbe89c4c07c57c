package dev.realtime.spring.journey;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

/** An observation handler of the application's that fails. */
final class FailingObservationHandler implements ObservationHandler<Observation.Context> {

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context.getClass().getName().startsWith("dev.realtime.");
	}

	@Override
	public void onStart(Observation.Context context) {
		throw new AssertionError("start of " + context.getName());
	}

	@Override
	public void onStop(Observation.Context context) {
		throw new AssertionError("end of " + context.getName());
	}

}
