package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.bench.engine.Engine;
import dev.realtime.bench.engine.RelayChoice;
import org.HdrHistogram.Histogram;

/**
 * A publisher on one node and subscribers on another, over each engine that is asked for:
 * first at a fixed rate, an open loop, then with a fixed number of messages on their way,
 * as fast as all of it together can.
 */
final class TwoNodes implements Scenario {

	/** Messages on their way in the closed loop. */
	private static final int IN_FLIGHT = 256;

	@Override
	public String name() {
		return "two-nodes";
	}

	@Override
	public String headline() {
		return "p99 ms";
	}

	@Override
	public List<String> servers(Settings settings) {
		return ServerNames.ours(settings);
	}

	@Override
	public List<String> variants(Settings settings) {
		int topics = topics(settings);
		return settings.relays()
			.stream()
			.map((relay) -> relay.kind().text() + ", " + rate(settings) + " publishes/s"
					+ ((topics == 1) ? "" : " on " + topics + " topics") + " to " + clients(settings) / topics
					+ " on the other node")
			.toList();
	}

	@Override
	public String missing(String variant, Settings settings) {
		return Engine.missing(relay(variant, settings));
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		try (Engine engine = Engine.start(relay(variant, settings));
				ServerProcess one = ServerProcess.start(server, settings, engine.serverOptions());
				ServerProcess other = ServerProcess.start(server, settings, engine.serverOptions());
				Clients clients = Clients.connect(server, other.port(), one.port(), clients(settings),
						topics(settings))) {
			Map<String, Double> values = new LinkedHashMap<>();
			openLoop(values, clients, engine, one, other, settings);
			most(values, clients, engine, one, other, settings);
			clients.checkExactOnEachTopic();
			return new Figures(server, variant, values);
		}
	}

	private static void openLoop(Map<String, Double> values, Clients clients, Engine engine, ServerProcess one,
			ServerProcess other, Settings settings) {
		clients.publisher.rate(rate(settings));
		WarmUp.await(one, settings);
		WarmUp.await(other, settings);
		clients.load.record(true);
		Map<String, Double> before = cpuSeconds(engine, one, other);
		long published = clients.publisher.published();
		long received = clients.load.received();
		long began = System.nanoTime();
		LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
		double seconds = (System.nanoTime() - began) / 1e9;
		Map<String, Double> after = cpuSeconds(engine, one, other);
		values.put("publishes/s", (clients.publisher.published() - published) / seconds);
		values.put("deliveries/s", (clients.load.received() - received) / seconds);
		clients.publisher.stop(0);
		// Messages that are late at the end count, too.
		clients.load.awaitReceived(clients.publisher.published() * fanOut(settings), Duration.ofMinutes(1));
		clients.load.record(false);
		Histogram latencies = clients.load.latencies();
		FanOut.latencies(values, latencies);
		values.put("max ms", latencies.getMaxValue() / 1_000.0);
		after.forEach((name, used) -> values.put(name, (used - before.getOrDefault(name, 0.0)) / seconds));
	}

	/** Where the store carries the messages, there is no relay of its own. */
	private static Map<String, Double> cpuSeconds(Engine engine, ServerProcess one, ServerProcess other) {
		Map<String, Double> used = new LinkedHashMap<>();
		used.put("publishing node cores", one.cpuSeconds());
		used.put("other node cores", other.cpuSeconds());
		used.put("compiler cores", one.compilerSeconds() + other.compilerSeconds());
		engine.cpuSeconds(used);
		return used;
	}

	/** With the processor time that a message costs each of those that carry it. */
	private static void most(Map<String, Double> values, Clients clients, Engine engine, ServerProcess one,
			ServerProcess other, Settings settings) {
		clients.publisher.window(IN_FLIGHT);
		LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
		Map<String, Double> before = cpuSeconds(engine, one, other);
		long received = clients.load.received();
		long began = System.nanoTime();
		LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
		double seconds = (System.nanoTime() - began) / 1e9;
		double messages = (double) (clients.load.received() - received) / fanOut(settings);
		Map<String, Double> after = cpuSeconds(engine, one, other);
		clients.publisher.stop(0);
		clients.load.awaitReceived(clients.publisher.published() * fanOut(settings), Duration.ofMinutes(1));
		values.put("most publishes/s", messages / seconds);
		after.forEach((name, used) -> values.put("most: " + name.replace(" cores", " µs"),
				(used - before.getOrDefault(name, 0.0)) / messages * 1e6));
	}

	private static RelayChoice relay(String variant, Settings settings) {
		return settings.relays()
			.stream()
			.filter((relay) -> variant.startsWith(relay.kind().text() + ','))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No relay of \"" + variant + '"'));
	}

	private static int rate(Settings settings) {
		return settings.sizes().rate(Latency.RATE);
	}

	private static int topics(Settings settings) {
		return settings.sizes().topics(1);
	}

	/** The same number on each topic. */
	private static int clients(Settings settings) {
		int topics = topics(settings);
		return Math.max(topics, settings.sizes().clients(settings.clients(1_000)) / topics * topics);
	}

	private static int fanOut(Settings settings) {
		return clients(settings) / topics(settings);
	}

}
