/**
 * Topics that get their first subscriber in the fleet, or lose their last one. Imports
 * the root package and the loops only.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.occupancy;

import org.jspecify.annotations.NullMarked;
