/**
 * Several regions, each with a fleet of its own, that share topics: a topic is numbered
 * in its home region, and the other regions keep copies and forward publications. What
 * carries their letters is a {@link dev.realtime.region.Bridge}. Imports the root
 * package, loop, broker, codec, log, relay and sequence.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.region;

import org.jspecify.annotations.NullMarked;
