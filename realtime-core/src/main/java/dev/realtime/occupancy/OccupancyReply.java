package dev.realtime.occupancy;

import java.util.List;

/**
 * What the store answers.
 *
 * @param epoch of its data; another one after it has lost them
 * @param accepted false if the call named another epoch and was therefore ignored
 * @param held how many topics the store has of the caller's name in this partition
 * @param changes of the fleet, which the caller must publish
 * @param dead names whose lease is over, to be given with the next call
 * @param more whether another call would find more at once
 * @param server names one life of the server that answered; with another one, writes of
 * this node may be lost
 */
public record OccupancyReply(String epoch, boolean accepted, long held, List<OccupancyChange> changes,
		List<String> dead, boolean more, String server) {
}
