package dev.realtime.bench.simulation;

/**
 * The threads and bounds of a simulated node.
 *
 * @param connections that it holds
 * @param shards that write to them; the hub has one for every second core
 * @param relayThreads that read from the relay
 * @param relayBound messages that may wait for each of those
 * @param connectionBound messages that may wait for each connection
 */
record NodeShape(int connections, int shards, int relayThreads, int relayBound, int connectionBound) {

	private static final int CORES_A_SHARD = 2;

	static int shards(double cores) {
		return Math.max(1, (int) cores / CORES_A_SHARD);
	}

}
