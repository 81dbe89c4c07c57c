/**
 * The bridge between regions over Kafka. Imports loop, codec, partition, region and
 * relay.kafka.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.region.kafka;

import org.jspecify.annotations.NullMarked;
