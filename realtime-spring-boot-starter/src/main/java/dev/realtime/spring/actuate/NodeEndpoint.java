package dev.realtime.spring.actuate;

import java.util.Map;

import dev.realtime.isolation.IsolationWatch;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.isolation.NodeReport;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * What this node says of itself to the others, whose {@code realtime.isolation.peers}
 * lead here: its name, and whether it reaches the relay at this moment.
 */
@Endpoint(id = "realtimenode")
public final class NodeEndpoint {

	private final RealtimeNode node;

	private final IsolationWatch watch;

	NodeEndpoint(RealtimeNode node, IsolationWatch watch) {
		this.node = node;
		this.watch = watch;
	}

	/** As it is now. */
	@ReadOperation
	public Map<String, String> report() {
		return new NodeReport(this.node.id(), this.watch.isReaching()).members();
	}

}
