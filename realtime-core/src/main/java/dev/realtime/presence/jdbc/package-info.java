/**
 * Presence in PostgreSQL; the tables are documented in the schema. Imports the root
 * package, loop, presence, jdbc and log.jdbc.
 */
@NullMarked
package dev.realtime.presence.jdbc;

import org.jspecify.annotations.NullMarked;
