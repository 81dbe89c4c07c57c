/** Tests of the relay over RabbitMQ. */
@NullMarked
package dev.realtime.relay.rabbit;

import org.jspecify.annotations.NullMarked;
