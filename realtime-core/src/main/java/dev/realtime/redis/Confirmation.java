package dev.realtime.redis;

/**
 * What a master has said about everything that it had carried out before it was asked.
 *
 * @param life the replication id of the master, which it has from its start, or from its
 * promotion, on
 * @param replicated whether as many replicas as were asked for have it all
 */
record Confirmation(String life, boolean replicated) {
}
