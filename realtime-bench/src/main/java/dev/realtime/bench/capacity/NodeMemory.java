package dev.realtime.bench.capacity;

/**
 * The memory of a node, in bytes.
 *
 * @param process without connections
 * @param heap objects of connections
 * @param direct direct and native memory of connections
 * @param sockets the kernel's
 */
public record NodeMemory(double process, double heap, double direct, double sockets) {

	/** As much memory again as an idle connection has, for what moves. */
	static final int FACTOR = 2;

	static NodeMemory of(String transport, Costs costs, double connections) {
		double heap = costs.value(transport, UnitCost.HEAP);
		double direct = Math.max(0, costs.value(transport, UnitCost.CONNECTION) - heap);
		return new NodeMemory(costs.value(UnitCost.PROCESS), FACTOR * heap * connections, FACTOR * direct * connections,
				costs.value(UnitCost.SOCKET) * connections);
	}

	/** Of the machine. */
	double all() {
		return this.process + this.heap + this.direct + this.sockets;
	}

}
