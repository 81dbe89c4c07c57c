package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;

/**
 * How many deliveries a second of the server's processor buys: a closed loop, so that
 * server and client are as busy as each other allows.
 */
class FanOut implements Scenario {

	static final String DELIVERIES_PER_CPU = "deliveries per server-CPU-second";

	private static final List<Integer> SUBSCRIBERS = List.of(100, 1_000, 5_000, 15_000);

	@Override
	public String name() {
		return "fan-out";
	}

	@Override
	public String headline() {
		return DELIVERIES_PER_CPU;
	}

	@Override
	public List<String> variants(Settings settings) {
		List<Integer> asked = settings.sizes().subscribers();
		return (asked.isEmpty() ? SUBSCRIBERS : asked).stream().map((count) -> count + " subscribers").toList();
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int subscribers = settings.clients(Integer.parseInt(variant.split(" ", -1)[0]));
		try (ServerProcess process = ServerProcess.start(server, settings);
				Clients clients = Clients.connect(server, process.port(), subscribers, 1)) {
			return closedLoop(server, variant, process, clients, 1, settings);
		}
	}

	/** Warms up, measures, and checks that everybody got everything. */
	static Figures closedLoop(String server, String variant, ServerProcess process, Clients clients, int topics,
			Settings settings) {
		int fanOut = clients.peers.size() / topics;
		clients.publisher.window(Math.max(Settings.WINDOW, topics / 4));
		WarmUp.await(process, settings);
		clients.load.record(true);
		long received = clients.load.received();
		double cpu = process.cpuSeconds();
		double compiler = process.compilerSeconds();
		long began = System.nanoTime();
		LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
		double seconds = (System.nanoTime() - began) / 1e9;
		double delivered = clients.load.received() - received;
		double used = process.cpuSeconds() - cpu;
		double compiled = process.compilerSeconds() - compiler;
		Histogram latencies = clients.load.latencies();
		long residentKb = process.residentKb();
		clients.publisher.stop(0);
		clients.load.awaitReceived(clients.publisher.published() * fanOut, Duration.ofMinutes(1));
		if (topics == 1) {
			clients.checkExact(clients.publisher.published());
		}
		clients.checkNoFailures();
		Map<String, Double> values = new LinkedHashMap<>();
		values.put(DELIVERIES_PER_CPU, delivered / used);
		values.put("deliveries/s", delivered / seconds);
		values.put("server cores", used / seconds);
		values.put("compiler cores", compiled / seconds);
		latencies(values, latencies);
		values.put("out of order %", 100.0 * clients.load.disordered() / clients.load.received());
		values.put("RSS MB", residentKb / 1024.0);
		return new Figures(server, variant, values);
	}

	static void latencies(Map<String, Double> values, Histogram micros) {
		values.put("p50 ms", micros.getValueAtPercentile(50) / 1_000.0);
		values.put("p99 ms", micros.getValueAtPercentile(99) / 1_000.0);
		values.put("p99.9 ms", micros.getValueAtPercentile(99.9) / 1_000.0);
	}

}
