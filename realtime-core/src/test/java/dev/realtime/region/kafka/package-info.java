/** Tests of the bridge over Kafka. */
@NullMarked
package dev.realtime.region.kafka;

import org.jspecify.annotations.NullMarked;
