package dev.realtime.spring.actuate;

import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** {@link NodeHealth} for Boot 4. */
final class Boot4HealthIndicator extends AbstractHealthIndicator {

	private final RealtimeNode node;

	private final Loops loops;

	Boot4HealthIndicator(RealtimeNode node, Loops loops) {
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
