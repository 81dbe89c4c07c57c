package dev.realtime.spring.drain;

import java.util.EnumSet;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Boot's readiness state, which its health group and Kubernetes' probes show. Traffic is
 * refused as long as there is a reason. What the application or a shutdown has refused is
 * never accepted here. Safe for any number of threads. Not for applications.
 */
public final class NodeReadiness {

	private final ApplicationEventPublisher publisher;

	private final ApplicationAvailability availability;

	@GuardedBy("reasons")
	private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

	/** Makes one without a reason to refuse traffic. */
	NodeReadiness(ApplicationEventPublisher publisher, ApplicationAvailability availability) {
		this.publisher = publisher;
		this.availability = availability;
	}

	/**
	 * Sets whether traffic is refused for this reason. Calls listeners of the
	 * application, which may throw. A caller repeats it now and then while it has a
	 * reason, because the application may set the state, too.
	 */
	public void set(Reason reason, boolean ready) {
		boolean accepting;
		synchronized (this.reasons) {
			boolean unused = ready ? this.reasons.remove(reason) : this.reasons.add(reason);
			accepting = this.reasons.isEmpty();
		}
		boolean refusing = this.availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC;
		if (!accepting && !refusing) {
			AvailabilityChangeEvent.publish(this.publisher, this, ReadinessState.REFUSING_TRAFFIC);
		}
		else if (accepting && refusing && isOurs()) {
			AvailabilityChangeEvent.publish(this.publisher, this, ReadinessState.ACCEPTING_TRAFFIC);
		}
	}

	private boolean isOurs() {
		AvailabilityChangeEvent<ReadinessState> last = this.availability.getLastChangeEvent(ReadinessState.class);
		return last != null && last.getSource() == this;
	}

	/** Why a node refuses traffic. */
	public enum Reason {

		/** It is cut off from the relay. */
		ISOLATED,

		/** An operator has drained it. */
		DRAINED

	}

}
