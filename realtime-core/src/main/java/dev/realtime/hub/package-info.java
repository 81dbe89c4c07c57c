/**
 * Joins a node's feeds, delivery and connections: its local fan-out. Imports the root
 * package, loop, journey, delivery, feed, connection, broker and what broker's doors name
 * (log, relay).
 */
@NullMarked
package dev.realtime.hub;

import org.jspecify.annotations.NullMarked;
