package dev.realtime.bench.scenario;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.engine.RelayChoice;
import dev.realtime.bench.engine.RelayKind;

/**
 * How a scenario is run.
 *
 * @param servers what is measured, side by side
 * @param runs how often; figures are medians
 * @param seconds length of one measurement; at least as much warms up before
 * @param warmUp the longest time to wait for the compilers of servers and clients before
 * a measurement, in seconds
 * @param scale multiplies the number of clients: 1.0 is what the documents quote
 * @param java the java that runs the servers
 * @param jvm flags of the servers' JVMs
 * @param out where results are written
 * @param centrifugo the binary of Centrifugo; empty where none is given
 * @param relays the engines of {@code two-nodes}
 * @param sizes sizes that are asked for instead of the scenarios' own
 * @param beside what {@code turns} compares each server with
 */
public record Settings(List<String> servers, int runs, int seconds, int warmUp, double scale, String java,
		List<String> jvm, String out, String centrifugo, List<RelayChoice> relays, Sizes sizes, Beside beside) {

	/** Bytes of a published body. */
	static final int BODY = 128;

	/** Publications outstanding in a closed loop. */
	static final int WINDOW = 8;

	private static final Set<String> KNOWN = Set.of("servers", "runs", "seconds", "scale", "java", "jvm", "out",
			"quick", "centrifugo", "subscribers", "clients", "topics", "minutes", "warm-up", "relay", "rate", "beside",
			"beside-jar", "turns");

	/** Reads them from the command line. */
	public static Settings of(Arguments arguments) {
		List<String> unknown = arguments.except(KNOWN);
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("Unknown options " + unknown + "; there are " + KNOWN);
		}
		boolean quick = arguments.has("quick");
		List<String> servers = List.of(arguments.get("servers", "netty,tomcat,simple-broker,socket.io").split(",", -1));
		if (!ServerNames.ALL.containsAll(servers)) {
			throw new IllegalArgumentException("--servers must be some of " + ServerNames.ALL + ", not " + servers);
		}
		return new Settings(servers, atLeastOne(arguments, "runs", quick ? 1 : 5),
				atLeastOne(arguments, "seconds", quick ? 2 : 6), atLeastOne(arguments, "warm-up", quick ? 1 : 60),
				scale(arguments.get("scale", "1.0")), arguments.get("java", javaOfThisProcess()),
				List.of(arguments.get("jvm", "-Xms64m -Xmx2g -XX:+UseG1GC").split(" ", -1)),
				arguments.get("out", "results"), program(arguments),
				RelayChoice.list(arguments.get("relay", RelayKind.REDIS.text())), Sizes.of(arguments),
				Beside.of(arguments));
	}

	/** So many clients, scaled: at least 4. */
	int clients(int count) {
		return (int) Math.max(4, count * this.scale);
	}

	/** The same with more flags for the JVM. */
	Settings with(String... flags) {
		List<String> all = new java.util.ArrayList<>(this.jvm);
		all.addAll(List.of(flags));
		return new Settings(this.servers, this.runs, this.seconds, this.warmUp, this.scale, this.java, all, this.out,
				this.centrifugo, this.relays, this.sizes, this.beside);
	}

	private static String program(Arguments arguments) {
		String path = arguments.get("centrifugo", "");
		if (arguments.has("centrifugo") && (!Files.isExecutable(Path.of(path)) || Files.isDirectory(Path.of(path)))) {
			throw new IllegalArgumentException("--centrifugo must be a program, not \"" + path + "\"");
		}
		return path;
	}

	private static int atLeastOne(Arguments arguments, String name, int otherwise) {
		int value = arguments.number(name, otherwise);
		if (value < 1) {
			throw new IllegalArgumentException("--" + name + " must be at least 1, not " + value);
		}
		return value;
	}

	private static double scale(String text) {
		try {
			double scale = Double.parseDouble(text);
			if (scale > 0 && scale <= 1) {
				return scale;
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--scale must be a number above 0, at most 1, not " + text, ex);
		}
		throw new IllegalArgumentException("--scale must be above 0 and at most 1, not " + text);
	}

	private static String javaOfThisProcess() {
		return ProcessHandle.current().info().command().orElse("java");
	}

}
