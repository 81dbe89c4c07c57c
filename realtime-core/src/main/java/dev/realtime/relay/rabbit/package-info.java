/**
 * The relay over RabbitMQ. Imports the root package, loop and relay.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.relay.rabbit;

import org.jspecify.annotations.NullMarked;
