/** The plans of what trims and sweeps. */
@NullMarked
package dev.realtime.retention.jdbc;

import org.jspecify.annotations.NullMarked;
