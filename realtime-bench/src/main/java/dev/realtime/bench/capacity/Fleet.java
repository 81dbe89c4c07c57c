package dev.realtime.bench.capacity;

import java.util.List;

/**
 * What a fleet has to do.
 *
 * @param connections clients that are connected
 * @param groups the topics that they follow
 * @param burst so many times the mean rate of messages in a burst; 1 for none
 * @param burstSeconds how long a burst lasts
 * @param within the longest time from publish to socket in a burst, in seconds
 * @param payload bytes of a message
 * @param checkInterval seconds after which a node compares each of its topics with the
 * log
 * @param engine what stores and announces
 * @param transport {@code netty} or {@code tomcat}
 * @param node one node's machine
 */
public record Fleet(long connections, List<Group> groups, double burst, double burstSeconds, double within,
		double payload, double checkInterval, EngineKind engine, String transport, NodeSize node) {

	public Fleet {
		groups = List.copyOf(groups);
		if (groups.isEmpty() || connections < 1 || burst < 1) {
			throw new IllegalArgumentException("A fleet has connections, groups and a burst of at least 1");
		}
		long most = groups.stream().mapToLong(Group::members).max().orElse(0);
		if (most > connections) {
			throw new IllegalArgumentException("A group has " + most + " members, but there are only " + connections
					+ " connections; lower MEMBERS or --fan-out, or raise --connections");
		}
	}

	/**
	 * The part of the time after a burst that is planned with; the rest is for queues
	 * behind each other.
	 */
	private static final double PLANNED = 0.75;

	/**
	 * Seconds from a burst's begin in which each part of the fleet must have done its
	 * work.
	 */
	public double burstTime() {
		return this.burstSeconds + PLANNED * this.within;
	}

	/** The same with another engine. */
	Fleet with(EngineKind other) {
		return new Fleet(this.connections, this.groups, this.burst, this.burstSeconds, this.within, this.payload,
				this.checkInterval, other, this.transport, this.node);
	}

	/** Messages published a second. */
	public double events() {
		return this.groups.stream().mapToDouble(Group::events).sum();
	}

	/** Messages to single subscribers a second. */
	public double deliveries() {
		return this.groups.stream().mapToDouble(Group::deliveries).sum();
	}

	/** Mean subscribers of a message. */
	public double fanOut() {
		return deliveries() / events();
	}

	/** Copies of messages that the relay brings to so many nodes, each second. */
	public double receptions(int nodes) {
		return this.groups.stream()
			.mapToDouble((group) -> group.events() * this.engine.reached(nodes, group.members()))
			.sum();
	}

	/** Topics that so many nodes compare with the log, each second. */
	double comparisons(int nodes) {
		return this.groups.stream()
			.mapToDouble((group) -> group.topics() * EngineKind.expectedNodes(nodes, group.members()))
			.sum() / this.checkInterval;
	}

}
