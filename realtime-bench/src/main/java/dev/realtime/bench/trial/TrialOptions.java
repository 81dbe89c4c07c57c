package dev.realtime.bench.trial;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.load.Target;

/**
 * What is asked for.
 *
 * @param target where the deployment takes WebSockets
 * @param frames what clients say
 * @param connections subscribers
 * @param topics that the subscribers are spread over, evenly
 * @param rate messages a second, on all topics together
 * @param ramp connections a second; 0 for as fast as they can
 * @param publishers connections that publish
 * @param phases by name, in their order
 * @param seconds of each phase but the burst
 * @param burst how many times the rate
 * @param burstSeconds of the burst
 * @param churn percent of the connections that leave in each second
 * @param metricsUrl of a Prometheus endpoint; empty for none
 * @param metricsHeaders lines of the request to it
 * @param verify whether every delivery is counted
 * @param out folder of the results
 * @param first number of the first client
 * @param patience the longest wait, in seconds, for what is late
 */
public record TrialOptions(Target target, Frames frames, int connections, int topics, double rate, double ramp,
		int publishers, List<String> phases, int seconds, int burst, int burstSeconds, double churn, String metricsUrl,
		List<String> metricsHeaders, boolean verify, String out, int first, int patience) {

	private static final List<String> PHASES = List.of("sustained", "burst", "reconnect", "churn");

	private static final Set<String> KNOWN = Set.of("url", "insecure-tls", "header", "connect-header", "destination",
			"send", "send-header", "body", "payload", "connections", "topics", "rate", "ramp", "publishers", "scenario",
			"seconds", "burst", "burst-seconds", "churn", "metrics-url", "metrics-header", "verify", "out", "first",
			"patience", "heartbeat");

	/** Headers that the load sends itself. */
	private static final Set<String> IN_CONNECT = Set.of("accept-version", "heart-beat", "realtime");

	private static final Set<String> IN_SEND = Set.of("destination", "receipt", "content-type", "content-length");

	/**
	 * Reads them from the command line.
	 * @throws IllegalArgumentException when something is wrong, saying what
	 */
	public static TrialOptions of(Arguments arguments) {
		List<String> unknown = arguments.except(KNOWN);
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("Unknown options " + unknown + "; there are "
					+ KNOWN.stream().sorted().map((name) -> "--" + name).toList());
		}
		if (!arguments.has("url")) {
			throw new IllegalArgumentException("--url=ws://HOST:PORT/realtime is missing");
		}
		Target target = Target.of(arguments.get("url", ""), is(arguments, "insecure-tls", false),
				lines(arguments, "header", Set.of()));
		String scenario = arguments.oneOf("scenario", "sustained",
				List.of("sustained", "burst", "reconnect", "churn", "all"));
		TrialOptions options = new TrialOptions(target, frames(arguments), atLeast(arguments, "connections", 100, 1),
				atLeast(arguments, "topics", 1, 1), decimal(arguments, "rate", 10), decimal(arguments, "ramp", 200),
				atLeast(arguments, "publishers", 1, 1), scenario.equals("all") ? PHASES : List.of(scenario),
				atLeast(arguments, "seconds", 30, 1), atLeast(arguments, "burst", 20, 1),
				atLeast(arguments, "burst-seconds", 10, 1), decimal(arguments, "churn", 5),
				arguments.get("metrics-url", ""), lines(arguments, "metrics-header", Set.of()),
				is(arguments, "verify", true), arguments.get("out", "results"), atLeast(arguments, "first", 0, 0),
				atLeast(arguments, "patience", 30, 1));
		if (options.topics > options.connections) {
			throw new IllegalArgumentException("--topics=" + options.topics + " is more than --connections="
					+ options.connections + ": a topic without a subscriber cannot be verified");
		}
		ProcessLimits.check(options.connections + options.publishers);
		return options;
	}

	private static Frames frames(Arguments arguments) {
		String destination = arguments.get("destination", "/topic/bench.{t}");
		String body = arguments.get("body", "");
		List<String> sendHeaders = lines(arguments, "send-header", IN_SEND);
		if (arguments.has("body") && !body.contains("{mark}")) {
			throw new IllegalArgumentException(
					"--body must have {mark} where the load may write what it recognises, such as {\"text\":\"{mark}\"}");
		}
		String run = UUID.randomUUID().toString().replace("-", "").substring(0, 8);
		return new Frames(run, Duration.ofSeconds(atLeast(arguments, "heartbeat", 20, 0)),
				lines(arguments, "connect-header", IN_CONNECT), destination, arguments.get("send", destination),
				sendHeaders, body, atLeast(arguments, "payload", 128, 1));
	}

	private static List<String> lines(Arguments arguments, String option, Set<String> reserved) {
		List<String> lines = arguments.all(option);
		lines.forEach((line) -> {
			int colon = line.indexOf(':');
			if (colon <= 0 || line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
				throw new IllegalArgumentException(
						"--" + option + " must be NAME:VALUE on one line, not \"" + line + '"');
			}
			if (reserved.contains(line.substring(0, colon).strip().toLowerCase(Locale.ROOT))) {
				throw new IllegalArgumentException(
						"--" + option + " may not be " + line + ": the load sends that itself");
			}
		});
		return lines;
	}

	private static boolean is(Arguments arguments, String name, boolean otherwise) {
		return arguments.oneOf(name, String.valueOf(otherwise), List.of("true", "false")).equals("true");
	}

	private static int atLeast(Arguments arguments, String name, int otherwise, int least) {
		int value = arguments.number(name, otherwise);
		if (value < least) {
			throw new IllegalArgumentException("--" + name + " must be at least " + least + ", not " + value);
		}
		return value;
	}

	private static double decimal(Arguments arguments, String name, double otherwise) {
		String text = arguments.get(name, String.valueOf(otherwise));
		try {
			double value = Double.parseDouble(text);
			if (value >= 0 && value <= 1e9) {
				return value;
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--" + name + " must be a number, not " + text, ex);
		}
		throw new IllegalArgumentException("--" + name + " must be at least 0, not " + text);
	}

}
