/**
 * The clients' connections: their subscriptions, the recovery of each, the bounded queue
 * and what writes it to the socket. Imports the root package, loop, journey, delivery,
 * feed and log. Its types are internal to the engine, but for {@link CloseReason}.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.connection;

import org.jspecify.annotations.NullMarked;
