/** The durable log against H2, PostgreSQL and MariaDB. */
@NullMarked
package dev.realtime.log.jdbc;

import org.jspecify.annotations.NullMarked;
