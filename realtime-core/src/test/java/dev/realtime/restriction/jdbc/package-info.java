/** Tests of restriction in PostgreSQL. */
@NullMarked
package dev.realtime.restriction.jdbc;

import org.jspecify.annotations.NullMarked;
