/**
 * Counts of each user's own messages, in the rows that also tell how far users have read.
 * Imports the root package and jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.counts.jdbc;

import org.jspecify.annotations.NullMarked;
