package dev.realtime.bench.capacity;

import java.util.List;

/** Fleets of tests, on nodes of 8 cores. */
public final class Fleets {

	private final long connections;

	private final List<Group> groups;

	private EngineKind engine = EngineKind.REDIS;

	private String transport = "netty";

	private double burst = 1;

	private double payload = 128;

	private NodeSize node = new NodeSize(8, 32e9, 10e9, 250_000, 0.5);

	private Fleets(long connections, List<Group> groups) {
		this.connections = connections;
		this.groups = groups;
	}

	public static Fleets of(long connections, Group... groups) {
		return new Fleets(connections, List.of(groups));
	}

	public Fleets engine(EngineKind value) {
		this.engine = value;
		return this;
	}

	public Fleets transport(String value) {
		this.transport = value;
		return this;
	}

	public Fleets burst(double value) {
		this.burst = value;
		return this;
	}

	public Fleets payload(double value) {
		this.payload = value;
		return this;
	}

	public Fleets node(NodeSize value) {
		this.node = value;
		return this;
	}

	public Fleet get() {
		return new Fleet(this.connections, this.groups, this.burst, 1, 2, this.payload, 10, this.engine, this.transport,
				this.node);
	}

}
