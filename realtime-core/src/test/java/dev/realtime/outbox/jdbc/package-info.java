/** The plans of what polls the outbox. */
@NullMarked
package dev.realtime.outbox.jdbc;

import org.jspecify.annotations.NullMarked;
