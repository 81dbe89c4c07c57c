package dev.realtime.spring.actuate;

import dev.realtime.isolation.IsolationWatch;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.sessions.SessionDoor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/** {@link NodeHealth} for Boot 3. */
final class Boot3HealthIndicator extends AbstractHealthIndicator {

	private final RealtimeNode node;

	private final Loops loops;

	private final SessionDoor door;

	private final @Nullable IsolationWatch isolation;

	Boot3HealthIndicator(RealtimeNode node, Loops loops, SessionDoor door, @Nullable IsolationWatch isolation) {
		super(NodeHealth.UNKNOWN);
		this.node = node;
		this.loops = loops;
		this.door = door;
		this.isolation = isolation;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		NodeHealth found = NodeHealth.of(this.node, this.loops, this.door.restrictions(), this.door.isStale(),
				this.isolation);
		health.status(found.status()).withDetails(found.details());
	}

}
