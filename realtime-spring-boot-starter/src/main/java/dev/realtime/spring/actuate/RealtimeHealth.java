package dev.realtime.spring.actuate;

import java.util.List;
import java.util.Map;

import dev.realtime.loop.LoopState;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Up when the broker (Redis and the relay's subscriptions) is connected, no topic with
 * local subscribers is behind its log because reading it failed, and no background loop
 * is stalled.
 */
final class RealtimeHealth extends AbstractHealthIndicator {

	private final RealtimeNode node;

	private final Loops loops;

	RealtimeHealth(RealtimeNode node, Loops loops) {
		super("The realtime node's health could not be determined");
		this.node = node;
		this.loops = loops;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		boolean connected = this.node.broker().isConnected();
		int behind = this.node.hub().topicsBehind();
		List<LoopState> loops = this.loops.states();
		List<String> stalled = loops.stream().filter(LoopState::stalled).map(LoopState::name).toList();
		health.status((connected && behind == 0 && stalled.isEmpty()) ? "UP" : "DOWN")
			.withDetail("node", this.node.id())
			.withDetail("brokerConnected", connected)
			.withDetail("topics", this.node.hub().topics())
			.withDetail("topicsBehind", behind)
			.withDetail("connections", this.node.hub().stats().connections())
			.withDetail("loops", Map.of("running", loops.size(), "stalled", stalled));
	}

}
