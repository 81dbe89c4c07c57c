/**
 * The durable broker: numbers and stores in one transaction of the application's own
 * database, then announces through any relay. Imports the root package, log, sequence,
 * relay, broker, jdbc and the packages of what the database keeps; all SQL is in those.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.broker.jdbc;

import org.jspecify.annotations.NullMarked;
