package dev.realtime.bench.scenario;

/**
 * What a run at a fixed rate has measured.
 *
 * @param nodes 1 with topics in memory, 2 over Redis: published on one, read on the other
 * @param subscribers of the one topic
 * @param rate publications a second
 * @param p50Millis median of the time from when a message was meant to be sent
 * @param p99Millis the same, 99 %
 * @param readerCores of the node with the subscribers
 * @param publisherCores of the node that publishes, where it is another one
 * @param storeCores of Redis
 * @param loadCores of the process with the clients
 */
public record Steady(int nodes, int subscribers, int rate, double p50Millis, double p99Millis, double readerCores,
		double publisherCores, double storeCores, double loadCores) {

	/** Messages to single subscribers a second. */
	public double deliveries() {
		return (double) this.subscribers * this.rate;
	}

}
