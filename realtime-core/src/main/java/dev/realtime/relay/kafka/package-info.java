/**
 * The relay over Kafka. Imports the root package, loop, partition and relay.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.relay.kafka;

import org.jspecify.annotations.NullMarked;
