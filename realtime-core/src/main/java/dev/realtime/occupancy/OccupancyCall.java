package dev.realtime.occupancy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;

/**
 * What a node tells the store about its topics in one partition. It may be repeated:
 * everything in it is a state.
 *
 * @param name of one life of the node in this partition
 * @param epoch of the store's data as the node knows it, empty if it does not; with
 * another one the call changes nothing
 * @param lease how long the name counts after this call
 * @param room most changes of the fleet that the node can publish now
 * @param looksForDead whether nodes whose lease is over may be found
 * @param dead names whose lease was found to be over
 * @param published what the node has published, by topic
 * @param publishing topics whose change the node has and has not published yet
 * @param own topics that have got or lost their subscribers on this node
 */
public record OccupancyCall(String name, String epoch, Duration lease, int room, boolean looksForDead,
		List<String> dead, Map<Topic, Boolean> published, List<Topic> publishing, List<Own> own) {

	/**
	 * The state of a topic on the node.
	 *
	 * @param topic which
	 * @param occupied whether it has subscribers on this node
	 * @param known whether the node had stored in an earlier epoch that it is occupied:
	 * then it counts as published
	 */
	public record Own(Topic topic, boolean occupied, boolean known) {
	}

}
