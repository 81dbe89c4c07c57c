package dev.realtime.spring.actuate;

import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/** {@link NodeHealth} for Boot 3. */
final class Boot3HealthIndicator extends AbstractHealthIndicator {

	private final RealtimeNode node;

	private final Loops loops;

	Boot3HealthIndicator(RealtimeNode node, Loops loops) {
		super(NodeHealth.UNKNOWN);
		this.node = node;
		this.loops = loops;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		NodeHealth found = NodeHealth.of(this.node, this.loops);
		health.status(found.status()).withDetails(found.details());
	}

}
