package dev.realtime.spring.actuate;

import java.util.function.Supplier;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** {@link NodeHealth} for Boot 4. */
final class Boot4HealthIndicator extends AbstractHealthIndicator {

	private final Supplier<NodeHealth> finding;

	Boot4HealthIndicator(Supplier<NodeHealth> finding) {
		super(NodeHealth.UNKNOWN);
		this.finding = finding;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		NodeHealth found = this.finding.get();
		health.status(found.status()).withDetails(found.details());
	}

}
