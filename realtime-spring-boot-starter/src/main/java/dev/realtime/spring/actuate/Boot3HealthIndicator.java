package dev.realtime.spring.actuate;

import java.util.function.Supplier;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/** {@link NodeHealth} for Boot 3. */
final class Boot3HealthIndicator extends AbstractHealthIndicator {

	private final Supplier<NodeHealth> finding;

	Boot3HealthIndicator(Supplier<NodeHealth> finding) {
		super(NodeHealth.UNKNOWN);
		this.finding = finding;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		NodeHealth found = this.finding.get();
		health.status(found.status()).withDetails(found.details());
	}

}
