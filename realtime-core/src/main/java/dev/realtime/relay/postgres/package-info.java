/**
 * The relay over PostgreSQL's LISTEN and NOTIFY, for a fleet without any other server.
 * Imports the root package, loop, relay, jdbc and log.jdbc; the driver's own types are
 * seen here only.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.relay.postgres;

import org.jspecify.annotations.NullMarked;
