/**
 * A node's local fan-out: topics to subscribers, in order, without waiting for anybody.
 * Imports the root package, loop, delivery, broker and what broker's doors name (log,
 * relay).
 */
@NullMarked
package dev.realtime.hub;

import org.jspecify.annotations.NullMarked;
