/**
 * The broker whose numbering, log and relay are one Redis server: one script a publish.
 * Imports the root package, broker, partition, redis, and the redis packages of log,
 * sequence and relay.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.broker.redis;

import org.jspecify.annotations.NullMarked;
