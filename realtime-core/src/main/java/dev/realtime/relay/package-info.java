/**
 * What carries messages between nodes. Imports the root package only.
 * <p>
 * API: {@link dev.realtime.relay.Relay}, {@link dev.realtime.relay.TopicTransport} and
 * {@link dev.realtime.relay.LoopbackRelay}.
 */
@NullMarked
package dev.realtime.relay;

import org.jspecify.annotations.NullMarked;
