package dev.realtime.bench.capacity;

/**
 * One node's machine, and how much of it the mean load may take.
 *
 * @param cores processors
 * @param memory bytes
 * @param bandwidth bits a second, each way
 * @param connections the most that it is to hold
 * @param utilization the part of cores, memory and bandwidth for the mean load
 */
public record NodeSize(double cores, double memory, double bandwidth, long connections, double utilization) {

	public NodeSize {
		if (!(cores > 0) || !(memory > 0) || !(bandwidth > 0) || connections < 1) {
			throw new IllegalArgumentException("A node has cores, memory, bandwidth and connections");
		}
		if (!(utilization > 0) || utilization > 1) {
			throw new IllegalArgumentException("--utilization must be above 0 and at most 1, not " + utilization);
		}
	}

}
