/**
 * The stored messages that are not known to be announced. Imports the root package, jdbc,
 * log.jdbc and deadletter.jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.outbox.jdbc;

import org.jspecify.annotations.NullMarked;
