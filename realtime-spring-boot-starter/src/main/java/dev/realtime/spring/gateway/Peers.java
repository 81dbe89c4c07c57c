package dev.realtime.spring.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The nodes of the application that a gateway has heard of, and which of them a session's
 * next SEND goes to. A session keeps its node while that takes SENDs; another one is
 * chosen by rendezvous hashing. Confined to the gateway's loop.
 */
final class Peers {

	private final long leaseNanos;

	private final Map<String, Peer> byLife = new LinkedHashMap<>();

	/**
	 * No nodes yet.
	 * @param leaseNanos how long a node is there after its last beat was heard
	 */
	Peers(long leaseNanos) {
		this.leaseNanos = leaseNanos;
	}

	/** Returns the node, or null when it has ended or is not known. */
	@Nullable Peer get(@Nullable String life) {
		return (life != null) ? this.byLife.get(life) : null;
	}

	void beat(Post.Letter letter) {
		Peer node = this.byLife.computeIfAbsent(letter.from(), Peer::new);
		node.beat = letter.number("beat");
		node.endNanos = letter.cameNanos() + this.leaseNanos;
		node.refuses = false;
	}

	/** The node takes no more SENDs, and still answers those that it has. */
	void leaving(String life) {
		Peer node = this.byLife.get(life);
		if (node != null) {
			node.leaving = true;
		}
	}

	/** The node takes no SENDs until its next beat. */
	void refused(String life) {
		Peer node = this.byLife.get(life);
		if (node != null) {
			node.refuses = true;
		}
	}

	void remove(String life) {
		this.byLife.remove(life);
	}

	/** Returns the lives of the nodes whose leases are over. */
	List<String> expired(long now) {
		return this.byLife.values()
			.stream()
			.filter((each) -> now - each.endNanos >= 0)
			.map((each) -> each.life)
			.toList();
	}

	/** How many take SENDs. */
	int taking(long now) {
		return (int) this.byLife.values().stream().filter((each) -> each.takes(now)).count();
	}

	/**
	 * Returns the node for a session's next SEND, or null when no node takes SENDs.
	 * @param own the life of the node that got the session's last SEND, or null
	 */
	@Nullable Peer choose(String session, @Nullable String own, long now) {
		Peer kept = get(own);
		if (kept != null && kept.takes(now)) {
			return kept;
		}
		Peer best = null;
		int highest = Integer.MIN_VALUE;
		for (Peer each : this.byLife.values()) {
			int weight = (session + each.life).hashCode() * 0x9E3779B9;
			if (each.takes(now) && weight >= highest) {
				highest = weight;
				best = each;
			}
		}
		return best;
	}

}
