/**
 * Read positions in the application's database, beside the log. Imports the root, unread
 * and log.jdbc packages.
 */
@NullMarked
package dev.realtime.unread.jdbc;

import org.jspecify.annotations.NullMarked;
