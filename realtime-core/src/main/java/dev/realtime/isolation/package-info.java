/**
 * Notices that this node cannot reach the relay while others can, and sends its clients
 * to them until it reaches the relay again. Imports the root package, loop, node, broker
 * and hub.
 * <p>
 * API: {@link dev.realtime.isolation.Peers} and {@link dev.realtime.isolation.PeerView}.
 */
@NullMarked
package dev.realtime.isolation;

import org.jspecify.annotations.NullMarked;
