/**
 * What was given up: publications that the database refused, and messages that could not
 * be announced. Imports the root package, jdbc and log.jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.deadletter.jdbc;

import org.jspecify.annotations.NullMarked;
