package dev.realtime.spring;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import dev.realtime.isolation.IsolationOptions;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.isolation}: what a node does that cannot reach the relay while others
 * can.
 *
 * @param enabled whether such a node is not ready and sends its clients away; without
 * peers, a durable log or a Peers bean it is not known how the others are, and nothing
 * happens
 * @param peers addresses of the endpoint realtimenode of the other nodes, such as
 * http://chat-nodes:8081/actuator/realtimenode; a name may have the addresses of several
 * nodes. Without any the nodes use the database of the durable log
 * @param after how long a node must be without the relay before it counts as isolated, 5
 * intervals or more
 * @param returnAfter how long it must reach the relay again before it takes clients
 * @param pause the shortest time from the end of one isolation to the next
 * @param interval how often a node asks the relay and the others
 * @param minPeers how many other nodes must reach the relay; they must be half of the
 * fleet in any case
 */
@ConfigurationProperties("realtime.isolation")
public record IsolationProperties(@DefaultValue("true") boolean enabled, @DefaultValue List<URI> peers,
		@DefaultValue("10s") Duration after, @DefaultValue("10s") Duration returnAfter,
		@DefaultValue("1m") Duration pause, @DefaultValue("2s") Duration interval, @DefaultValue("1") int minPeers) {

	private static final String PREFIX = "realtime.isolation.";

	private static final int MOST_PEERS = 100;

	public IsolationProperties {
		peers = List.copyOf(peers);
		PropertyBounds.check(peers.size() <= MOST_PEERS, PREFIX + "peers", peers.size() + " addresses",
				"must be 100 addresses at most; give the nodes a name that has all their addresses");
		for (URI peer : peers) {
			PropertyBounds.check(isLegal(peer), PREFIX + "peers", peer,
					"must be http or https addresses with a host and without user, query and fragment, such as "
							+ "http://chat-nodes:8081/actuator/realtimenode");
		}
		PropertyBounds.check(interval.toMillis() >= 100 && interval.compareTo(Duration.ofMinutes(1)) <= 0,
				PREFIX + "interval", PropertyBounds.text(interval), "must be 100ms to 60s");
		PropertyBounds.positive(PREFIX + "after", after);
		PropertyBounds.atLeast(PREFIX + "after", after, interval.multipliedBy(IsolationOptions.LOOKS_FIRST),
				"must not be shorter than 5 times realtime.isolation.interval, so that the reports of other "
						+ "nodes are current");
		PropertyBounds.positiveOrZero(PREFIX + "return-after", returnAfter);
		PropertyBounds.positiveOrZero(PREFIX + "pause", pause);
		PropertyBounds.range(PREFIX + "min-peers", minPeers, 1, 1_000);
	}

	/** The same, for the engine. */
	public IsolationOptions options(Duration spread) {
		return new IsolationOptions(this.after, this.returnAfter, this.pause, this.interval, this.minPeers, spread);
	}

	private static boolean isLegal(URI peer) {
		return ("http".equals(peer.getScheme()) || "https".equals(peer.getScheme())) && peer.getHost() != null
				&& peer.getUserInfo() == null && peer.getRawQuery() == null && peer.getRawFragment() == null;
	}

}
