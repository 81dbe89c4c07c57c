/**
 * The durable log: reads and writes a topic's numbers and messages in the application's
 * own database, by plain JDBC. Imports the root package, loop, jdbc, log and counts.jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.log.jdbc;

import org.jspecify.annotations.NullMarked;
