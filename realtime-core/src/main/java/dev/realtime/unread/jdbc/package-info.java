/**
 * Read positions in the application's database, beside the log. Imports the root package,
 * loop, unread, jdbc and log.jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.unread.jdbc;

import org.jspecify.annotations.NullMarked;
