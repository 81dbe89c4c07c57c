/** Tests of the relay over Kafka. */
@NullMarked
package dev.realtime.relay.kafka;

import org.jspecify.annotations.NullMarked;
