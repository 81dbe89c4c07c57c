/** The plans of what counts own messages. */
@NullMarked
package dev.realtime.counts.jdbc;

import org.jspecify.annotations.NullMarked;
