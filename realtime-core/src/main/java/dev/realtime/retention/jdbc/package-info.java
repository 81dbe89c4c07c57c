/**
 * Removes what need not be kept. Imports the root package, jdbc and log.jdbc.
 */
@NullMarked
package dev.realtime.retention.jdbc;

import org.jspecify.annotations.NullMarked;
