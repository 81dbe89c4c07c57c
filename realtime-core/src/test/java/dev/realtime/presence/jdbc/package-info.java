/** Tests of presence in PostgreSQL. */
@NullMarked
package dev.realtime.presence.jdbc;

import org.jspecify.annotations.NullMarked;
