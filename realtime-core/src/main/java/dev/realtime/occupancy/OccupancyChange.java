package dev.realtime.occupancy;

import java.time.Instant;

import dev.realtime.Topic;

/**
 * A topic has its first subscriber in the fleet, or has lost its last one.
 *
 * @param topic which
 * @param occupied whether it has subscribers
 * @param time when that was found, by the clock of the store, which all nodes share
 */
public record OccupancyChange(Topic topic, boolean occupied, Instant time) {
}
