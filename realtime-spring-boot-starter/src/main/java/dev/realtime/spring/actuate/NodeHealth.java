package dev.realtime.spring.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.isolation.IsolationWatch;
import dev.realtime.loop.LoopState;
import dev.realtime.loop.Loops;
import dev.realtime.node.PublisherNode;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.drain.NodeDrain;
import dev.realtime.spring.gateway.Gateway;
import org.jspecify.annotations.Nullable;

/**
 * What the health endpoint reports of a node. It is up when the broker (Redis and the
 * relay's subscriptions) is connected and takes messages, no topic with local subscribers
 * is behind its log because reading it failed, no background loop is stalled, and it is
 * known which users are blocked. It is out of service when it works and an operator has
 * drained it.
 *
 * @param up whether the node works
 * @param drained whether it is out of service
 * @param details what is shown of it
 */
record NodeHealth(boolean up, boolean drained, Map<String, Object> details) {

	/** Message of the exception if it cannot be determined. */
	static final String UNKNOWN = "The realtime node's health could not be determined";

	static NodeHealth of(RealtimeNode node, Loops loops, int restrictions, boolean stale, NodeDrain.State drain,
			@Nullable IsolationWatch isolation, @Nullable Gateway gateway) {
		boolean connected = node.broker().isConnected();
		int behind = node.hub().topicsBehind();
		List<LoopState> states = loops.states();
		List<String> stalled = states.stream().filter(LoopState::stalled).map(LoopState::name).toList();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("node", node.id());
		details.put("brokerConnected", connected);
		String problem = node.broker().problem();
		if (problem != null) {
			details.put("problem", problem);
		}
		details.put("topics", node.hub().topics());
		details.put("topicsBehind", behind);
		details.put("connections", node.hub().stats().connections());
		details.put("drain", drain.word());
		details.put("loops", Map.of("running", states.size(), "stalled", stalled));
		details.put("restrictions", Map.of("known", restrictions, "stale", stale));
		if (isolation != null && isolation.isActive()) {
			details.put("isolation",
					Map.of("state", isolation.state(), "otherNodesReachingRelay", isolation.peers().toString()));
		}
		if (gateway != null) {
			// no reason to be down: its connections wait for the application
			details.put("gateway", Map.of("applicationNodes", gateway.answering(), "waiting", gateway.pending(),
					"application", (gateway.answering() > 0) ? "answers" : "away"));
		}
		return new NodeHealth(connected && node.broker().isUsable() && behind == 0 && stalled.isEmpty() && !stale,
				drain != NodeDrain.State.SERVING, details);
	}

	/** Of a process that only publishes. */
	static NodeHealth of(PublisherNode publisher, Loops loops) {
		boolean connected = publisher.broker().isConnected();
		List<LoopState> states = loops.states();
		List<String> stalled = states.stream().filter(LoopState::stalled).map(LoopState::name).toList();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("publisher", publisher.id());
		details.put("brokerConnected", connected);
		String problem = publisher.broker().problem();
		if (problem != null) {
			details.put("problem", problem);
		}
		details.put("loops", Map.of("running", states.size(), "stalled", stalled));
		return new NodeHealth(connected && publisher.broker().isUsable() && stalled.isEmpty(), false, details);
	}

	/** The status's code, in each generation of Boot. */
	String status() {
		return !this.up ? "DOWN" : this.drained ? "OUT_OF_SERVICE" : "UP";
	}

}
