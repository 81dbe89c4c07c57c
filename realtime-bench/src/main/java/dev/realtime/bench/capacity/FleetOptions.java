package dev.realtime.bench.capacity;

import java.util.List;
import java.util.Set;

import dev.realtime.bench.Arguments;

/** Reads a fleet from the command line. */
public final class FleetOptions {

	/** The options that describe a fleet. */
	public static final Set<String> KNOWN = Set.of("connections", "events", "fan-out", "groups", "burst",
			"burst-seconds", "within", "payload", "check-interval", "engine", "transport", "node-cores", "node-memory",
			"node-bandwidth", "node-connections", "utilization", "costs");

	private static final int MOST_BURST = 10_000;

	private FleetOptions() {
	}

	/**
	 * Reads it.
	 * @throws IllegalArgumentException if an option is wrong or missing, saying which and
	 * how it is written
	 */
	public static Fleet fleet(Arguments arguments) {
		long connections = Quantity.whole("--connections", needed(arguments, "connections", "10m"));
		double burst = number(arguments, "burst", "1");
		if (burst < 1 || burst > MOST_BURST) {
			throw new IllegalArgumentException(
					"--burst must be from 1 to " + MOST_BURST + " times the mean rate, not " + burst);
		}
		return new Fleet(connections, groups(arguments, connections), burst, number(arguments, "burst-seconds", "1"),
				number(arguments, "within", "2"), number(arguments, "payload", "128"),
				number(arguments, "check-interval", "10"),
				EngineKind.of(arguments.oneOf("engine", "redis", EngineKind.names())),
				arguments.oneOf("transport", "netty", List.of("netty", "tomcat")), node(arguments));
	}

	private static List<Group> groups(Arguments arguments, long connections) {
		if (arguments.has("groups")) {
			if (arguments.has("events") || arguments.has("fan-out")) {
				throw new IllegalArgumentException("Give either --groups, or --events and --fan-out, not both");
			}
			return Groups.parse(arguments.get("groups", ""));
		}
		double events = Quantity.of("--events", needed(arguments, "events", "50000"));
		long fanOut = Quantity.whole("--fan-out", needed(arguments, "fan-out", "200"));
		if (fanOut > connections) {
			throw new IllegalArgumentException("--fan-out must be at most --connections, not " + fanOut);
		}
		long topics = Math.max(1, connections / fanOut);
		return List.of(new Group(topics, (int) fanOut, events / topics));
	}

	private static NodeSize node(Arguments arguments) {
		return new NodeSize(number(arguments, "node-cores", "8"), number(arguments, "node-memory", "32g"),
				number(arguments, "node-bandwidth", "10g"),
				Quantity.whole("--node-connections", arguments.get("node-connections", "250k")),
				number(arguments, "utilization", "0.5"));
	}

	private static double number(Arguments arguments, String name, String otherwise) {
		return Quantity.of("--" + name, arguments.get(name, otherwise));
	}

	private static String needed(Arguments arguments, String name, String example) {
		if (!arguments.has(name)) {
			throw new IllegalArgumentException(
					"--" + name + " is missing; write --" + name + '=' + example + ", or see --help");
		}
		return arguments.get(name, "");
	}

}
