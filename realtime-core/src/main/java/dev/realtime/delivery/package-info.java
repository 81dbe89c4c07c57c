/**
 * Delivers the messages of topics to the live subscribers of this node: shards,
 * audiences, frames that are encoded once, rates. Imports the root package, loop and
 * journey.
 * <p>
 * API: {@link dev.realtime.delivery.Frame}, {@link dev.realtime.delivery.Gap} and
 * {@link dev.realtime.delivery.MessageEncoder}.
 */
@NullMarked
package dev.realtime.delivery;

import org.jspecify.annotations.NullMarked;
