/** Tests of log, and its contract for all implementations. */
@NullMarked
package dev.realtime.log;

import org.jspecify.annotations.NullMarked;
