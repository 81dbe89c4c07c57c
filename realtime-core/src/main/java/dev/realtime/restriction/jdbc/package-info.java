/**
 * Restrictions in PostgreSQL. Imports the root package, loop, restriction and jdbc.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.restriction.jdbc;

import org.jspecify.annotations.NullMarked;
