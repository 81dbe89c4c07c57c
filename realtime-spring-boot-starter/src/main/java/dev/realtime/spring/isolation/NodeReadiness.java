package dev.realtime.spring.isolation;

import dev.realtime.isolation.Readiness;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Boot's readiness state, which its health group and Kubernetes' probes show. What the
 * application or a shutdown has refused is never accepted here.
 */
final class NodeReadiness implements Readiness {

	private final ApplicationEventPublisher publisher;

	private final ApplicationAvailability availability;

	NodeReadiness(ApplicationEventPublisher publisher, ApplicationAvailability availability) {
		this.publisher = publisher;
		this.availability = availability;
	}

	@Override
	public void set(boolean ready) {
		boolean refusing = this.availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC;
		if (!ready && !refusing) {
			AvailabilityChangeEvent.publish(this.publisher, this, ReadinessState.REFUSING_TRAFFIC);
		}
		else if (ready && refusing && isOurs()) {
			AvailabilityChangeEvent.publish(this.publisher, this, ReadinessState.ACCEPTING_TRAFFIC);
		}
	}

	private boolean isOurs() {
		AvailabilityChangeEvent<ReadinessState> last = this.availability.getLastChangeEvent(ReadinessState.class);
		return last != null && last.getSource() == this;
	}

}
