/**
 * Token buckets that all nodes of a fleet share. Imports nothing of ours.
 * <p>
 * API: {@link dev.realtime.rate.FleetRates}.
 */
@NullMarked
package dev.realtime.rate;

import org.jspecify.annotations.NullMarked;
