/**
 * Joins a node's feeds, delivery and connections: its local fan-out. Imports the root
 * package, loop, journey, delivery, feed, connection, broker and what broker's doors name
 * (log, relay).
 * <p>
 * API: {@link dev.realtime.hub.Hub} and {@link dev.realtime.hub.HubStats}.
 */
@NullMarked
package dev.realtime.hub;

import org.jspecify.annotations.NullMarked;
