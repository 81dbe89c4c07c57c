/** Tests of relay, and its contract for all implementations. */
@NullMarked
package dev.realtime.relay;

import org.jspecify.annotations.NullMarked;
