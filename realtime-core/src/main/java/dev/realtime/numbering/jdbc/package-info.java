/**
 * Numbers that come from a counter outside the database: who owns one, and how far a
 * topic's numbers are settled. Imports the root package, loop, sequence, jdbc, log.jdbc,
 * counts.jdbc and retention.jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.numbering.jdbc;

import org.jspecify.annotations.NullMarked;
