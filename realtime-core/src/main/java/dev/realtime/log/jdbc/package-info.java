/**
 * The durable log: a topic's numbers and messages in the application's own database, by
 * plain JDBC. Imports the root package and log.
 */
@NullMarked
package dev.realtime.log.jdbc;

import org.jspecify.annotations.NullMarked;
