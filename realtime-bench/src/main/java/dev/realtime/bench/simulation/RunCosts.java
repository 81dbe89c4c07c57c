package dev.realtime.bench.simulation;

/**
 * What one run of the benchmark costs the machine that runs all of it, in microseconds of
 * a core.
 *
 * @param publish a SEND and its publication, in the node of the publisher
 * @param store a publication, in Redis
 * @param receive a message from the relay
 * @param write each write to a socket
 * @param frame each message in a write
 * @param wake what waking a thread costs and delays
 * @param send the client's publication
 * @param read each read of a socket by a client
 * @param message each message in a read
 */
public record RunCosts(double publish, double store, double receive, double write, double frame, double wake,
		double send, double read, double message) {

}
