/**
 * Presence in PostgreSQL; the tables are documented in the schema. Imports the root
 * package, loop, presence, jdbc and log.jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.presence.jdbc;

import org.jspecify.annotations.NullMarked;
