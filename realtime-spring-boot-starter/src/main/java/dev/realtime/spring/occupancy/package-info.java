/**
 * Topics that get their first subscriber on this node or in the fleet, or lose their last
 * one, as events of the application context. Imports the connections, the fleet's
 * occupancy and the loops.
 * <p>
 * API: {@link dev.realtime.spring.occupancy.TopicOccupiedEvent} and
 * {@link dev.realtime.spring.occupancy.TopicVacatedEvent}.
 */
@NullMarked
package dev.realtime.spring.occupancy;

import org.jspecify.annotations.NullMarked;
