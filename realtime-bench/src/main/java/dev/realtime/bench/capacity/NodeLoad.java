package dev.realtime.bench.capacity;

/**
 * What one of so many nodes has to do, on the mean of all.
 *
 * @param nodes how many share the fleet
 * @param connections of one
 * @param publishCores for publications, cores
 * @param receiveCores for what the relay brings, cores
 * @param receiveThreadCores the part of it that one thread does, if there is one only
 * @param deliverCores for deliveries, each written by itself, cores
 * @param burstCores in a burst, if it is to be done as fast as it comes, cores
 * @param burstMessagesPerWrite how many messages share a write in a burst
 * @param out bits a second to clients and to the engine
 * @param in bits a second from clients and from the engine
 * @param memory of the machine
 */
public record NodeLoad(int nodes, double connections, double publishCores, double receiveCores,
		double receiveThreadCores, double deliverCores, double burstCores, double burstMessagesPerWrite, double out,
		double in, NodeMemory memory) {

	/** No more than this was under way when the cost of shared writes was measured. */
	static final int MOST_PER_WRITE = 8;

	private static final double MICRO = 1e-6;

	private static final int BITS = 8;

	/** Bytes of a TCP acknowledgement on Ethernet. */
	private static final int ACKNOWLEDGEMENT = 66;

	/** Calculates it. */
	public static NodeLoad of(Fleet fleet, Costs costs, int nodes) {
		double connections = (double) fleet.connections() / nodes;
		double published = fleet.events() / nodes;
		double received = fleet.receptions(nodes) / nodes;
		double delivered = fleet.deliveries() / nodes;
		String engine = fleet.engine().costs();
		double publish = published * costs.value(engine, UnitCost.PUBLISH) * MICRO;
		double receive = received * costs.value(engine, UnitCost.RECEIVE) * MICRO;
		double alone = costs.value(fleet.transport(), UnitCost.DELIVERY);
		double frame = costs.value(UnitCost.FRAME);
		double perWrite = Math.max(1,
				Math.min(MOST_PER_WRITE, fleet.burst() * fleet.burstSeconds() * delivered / connections));
		double shared = (alone - frame) / perWrite + frame;
		double burst = fleet.burst() * (publish + receive + delivered * shared * MICRO);
		double message = fleet.payload() + costs.value(UnitCost.FRAME_BYTES);
		double relayed = fleet.payload() + costs.value(UnitCost.RELAY_BYTES);
		return new NodeLoad(nodes, connections, publish, receive,
				received * costs.value(engine, UnitCost.RECEIVE_THREAD) * MICRO, delivered * alone * MICRO, burst,
				perWrite, BITS * (delivered * message + published * relayed),
				BITS * (delivered * ACKNOWLEDGEMENT + published * message + received * relayed),
				NodeMemory.of(fleet.transport(), costs, connections));
	}

	/** Cores that the mean load takes. */
	public double cores() {
		return this.publishCores + this.receiveCores + this.deliverCores;
	}

	/** Bits a second, in the direction that has more. */
	public double bandwidth() {
		return Math.max(this.out, this.in);
	}

}
