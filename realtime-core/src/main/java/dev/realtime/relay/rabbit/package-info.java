/** The relay over RabbitMQ. Imports the root package, loop and relay. */
@NullMarked
package dev.realtime.relay.rabbit;

import org.jspecify.annotations.NullMarked;
