package dev.realtime.occupancy;

import java.time.Duration;

/**
 * The times and bounds of a fleet's occupancy.
 *
 * @param refresh how often a node renews its lease, and looks for what is due
 * @param lease how long a node counts as alive after its last renewal; more than twice
 * {@code refresh}
 * @param grace how long a node that was closed in an orderly manner still counts
 * @param most most changes that wait on this node to be published
 */
public record OccupancyOptions(Duration refresh, Duration lease, Duration grace, int most) {

	public OccupancyOptions {
		if (refresh.toMillis() < 1 || lease.compareTo(refresh.multipliedBy(2)) <= 0 || grace.isNegative() || most < 1) {
			throw new IllegalArgumentException("Occupancy: refresh must be above 0, lease (" + lease
					+ ") more than twice refresh (" + refresh + "), grace 0 or more, and most 1 or more");
		}
	}

}
