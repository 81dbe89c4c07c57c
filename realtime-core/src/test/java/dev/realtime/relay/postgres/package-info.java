/** Tests of the relay over PostgreSQL. */
@NullMarked
package dev.realtime.relay.postgres;

import org.jspecify.annotations.NullMarked;
