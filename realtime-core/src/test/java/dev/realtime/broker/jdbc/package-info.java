/** The durable broker against H2, PostgreSQL and MariaDB. */
@NullMarked
package dev.realtime.broker.jdbc;

import org.jspecify.annotations.NullMarked;
