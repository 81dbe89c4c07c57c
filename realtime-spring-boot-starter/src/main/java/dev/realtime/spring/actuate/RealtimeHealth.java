package dev.realtime.spring.actuate;

import dev.realtime.node.RealtimeNode;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Up when the broker (Redis and the relay's subscriptions) is connected and no topic with
 * local subscribers is behind its log because reading it failed.
 */
final class RealtimeHealth extends AbstractHealthIndicator {

	private final RealtimeNode node;

	RealtimeHealth(RealtimeNode node) {
		super("The realtime node's health could not be determined");
		this.node = node;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		boolean connected = this.node.broker().isConnected();
		int behind = this.node.hub().topicsBehind();
		health.status((connected && behind == 0) ? "UP" : "DOWN")
			.withDetail("node", this.node.id())
			.withDetail("brokerConnected", connected)
			.withDetail("topics", this.node.hub().topics())
			.withDetail("topicsBehind", behind)
			.withDetail("connections", this.node.hub().stats().connections());
	}

}
