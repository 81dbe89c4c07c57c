/**
 * Removes what need not be kept. Imports the root package, jdbc and log.jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.retention.jdbc;

import org.jspecify.annotations.NullMarked;
