/**
 * Delivers the messages of topics to the live subscribers of this node: shards,
 * audiences, frames that are encoded once, rates. Imports the root package, loop and
 * journey. Applications use {@link dev.realtime.delivery.Frame},
 * {@link dev.realtime.delivery.Batch}, {@link dev.realtime.delivery.Gap} and
 * {@link dev.realtime.delivery.MessageEncoder}; the other public types are there for the
 * engine's own packages and are not API.
 */
@NullMarked
package dev.realtime.delivery;

import org.jspecify.annotations.NullMarked;
