package dev.realtime.bench.simulation;

import java.util.List;
import java.util.Map;

/**
 * What a simulation has found.
 *
 * @param latencies from publish to socket, by phase
 * @param events messages published
 * @param seconds simulated
 * @param cores that one node has used, on the mean
 * @param messagesPerWrite how many shared a write, on the mean
 * @param deliveries of the simulated nodes
 * @param mostFromRelay the longest queue of messages from the relay
 * @param mostDeliveries the most deliveries that waited in one node
 * @param mostInEngine the longest queue of one of the engine's servers
 * @param droppedFromRelay what a node's relay dropped; the node reads it from the log
 * @param droppedDeliveries what full queues of connections dropped
 * @param joined clients that came back to the simulated nodes
 * @param allBack seconds until the last of them was; NaN if not all were
 */
public record Outcome(Map<FleetSimulation.Phase, Latencies> latencies, long events, double seconds, double cores,
		double messagesPerWrite, long deliveries, int mostFromRelay, long mostDeliveries, int mostInEngine,
		long droppedFromRelay, long droppedDeliveries, long joined, double allBack) {

	private static final double SECOND = 1e9;

	static Outcome of(Map<FleetSimulation.Phase, Latencies> latencies, long events, double seconds, List<Node> nodes,
			Engine engine, long joined, double allBack) {
		long delivered = nodes.stream().mapToLong(Node::delivered).sum();
		double writes = Math.max(1, nodes.stream().mapToLong(Node::writes).sum());
		double cpu = nodes.stream().mapToLong(Node::cpuNanos).sum() / SECOND;
		return new Outcome(latencies, events, seconds, cpu / seconds / nodes.size(), delivered / writes, delivered,
				nodes.stream().mapToInt(Node::mostFromRelay).max().orElse(0),
				nodes.stream().mapToLong(Node::mostDeliveries).max().orElse(0), engine.most(),
				nodes.stream().mapToLong(Node::droppedFromRelay).sum(),
				nodes.stream().mapToLong(Node::droppedDeliveries).sum(), joined, allBack);
	}

}
