/**
 * The relay over core NATS. Imports the root package, relay and loop.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.relay.nats;

import org.jspecify.annotations.NullMarked;
