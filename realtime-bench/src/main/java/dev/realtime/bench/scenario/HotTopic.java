package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;

/**
 * What the subscribers of a quiet topic notice of messages to very many subscribers of
 * another one. Both have a thread of their own that reads. That of the crowd has the
 * lowest priority: what is measured is what the server does to the quiet topic, and not
 * what 15,000 clients on the server's processors do to it.
 */
final class HotTopic implements Scenario {

	private static final int QUIET_READERS = 20;

	/** Each of these messages is written to all subscribers of the hot topic. */
	private static final int STORMS_A_SECOND = 2;

	/**
	 * With the storm and without it, in turns: a shared machine is not always as fast.
	 */
	private static final int WINDOWS = 5;

	@Override
	public String name() {
		return "hot-topic";
	}

	@Override
	public String headline() {
		return "beside p99 ms";
	}

	/** Servers without topics have no second one. */
	@Override
	public List<String> servers(Settings settings) {
		return settings.servers().stream().filter((server) -> !ServerNames.isFloor(server)).toList();
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of("beside " + STORMS_A_SECOND + "/s to " + settings.clients(15_000));
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int crowd = settings.clients(15_000);
		try (ServerProcess process = ServerProcess.start(server, settings);
				Clients hot = Clients.connectTo("bench.hot", server, process.port(), crowd);
				Clients quiet = Clients.connectTo("bench.quiet", server, process.port(), QUIET_READERS)) {
			if (!hot.load.giveWay()) {
				System.err.println("The clients of the hot topic had the same priority as those of the quiet one");
			}
			quiet.publisher.rate(Latency.RATE);
			hot.publisher.rate(STORMS_A_SECOND);
			WarmUp.await(process, settings);
			Histogram alone = new Histogram(3);
			Histogram beside = new Histogram(3);
			for (int i = 0; i < WINDOWS; i++) {
				stop(hot, crowd);
				alone.add(window(quiet, settings));
				hot.publisher.rate(STORMS_A_SECOND);
				beside.add(window(quiet, settings));
			}
			stop(hot, crowd);
			stop(quiet, QUIET_READERS);
			hot.checkExact(hot.publisher.published());
			quiet.checkExact(quiet.publisher.published());
			Map<String, Double> values = new LinkedHashMap<>();
			latencies(values, "alone", alone);
			latencies(values, "beside", beside);
			values.put("p99 ratio", (double) beside.getValueAtPercentile(99) / alone.getValueAtPercentile(99));
			return new Figures(server, variant, values);
		}
	}

	private static void stop(Clients clients, int readers) {
		clients.publisher.stop(0);
		clients.publisher.stop(clients.publisher.published() * readers);
	}

	private static Histogram window(Clients quiet, Settings settings) {
		quiet.load.record(true);
		LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
		return quiet.load.latencies();
	}

	private static void latencies(Map<String, Double> values, String when, Histogram micros) {
		for (double percentile : new double[] { 50, 99, 99.9 }) {
			String name = (percentile == 99.9) ? "p99.9" : "p" + (int) percentile;
			values.put(when + " " + name + " ms", micros.getValueAtPercentile(percentile) / 1_000.0);
		}
	}

}
