package dev.realtime.bench.capacity;

/**
 * Topics that are alike.
 *
 * @param topics how many
 * @param members subscribers of each, on all nodes together
 * @param rate messages a second on each
 */
public record Group(long topics, int members, double rate) {

	public Group {
		if (topics < 1 || members < 1 || !(rate > 0)) {
			throw new IllegalArgumentException("A group has at least one topic, one member, and a rate above 0");
		}
	}

	/** Messages a second on all of its topics. */
	public double events() {
		return this.topics * this.rate;
	}

	/** Messages to single subscribers a second. */
	public double deliveries() {
		return events() * this.members;
	}

}
