package dev.realtime.bench.simulation;

/**
 * A message for subscribers of one node.
 *
 * @param meantNanos when it was meant to be sent
 * @param subscribers how many of the shard's connections get it: the first ones if that
 * is most of them, else some at random
 */
record Arrival(long meantNanos, int subscribers) {

}
