package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;

/**
 * What a publish costs: one subscriber, and as many publications outstanding as hide the
 * way to and fro. Over Redis each is numbered, stored and relayed; with a database, H2 in
 * a file, it is numbered and stored there.
 */
final class OneToOne implements Scenario {

	static final int WINDOW = 256;

	@Override
	public String name() {
		return "one-to-one";
	}

	@Override
	public String headline() {
		return "publishes/s";
	}

	@Override
	public List<String> variants(Settings settings) {
		return Store.KINDS;
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		if (!variant.equals(Store.MEMORY) && !ServerNames.isOurs(server)) {
			return new Figures(server, variant, Map.of());
		}
		try (Store store = Store.start(variant)) {
			return measure(server, variant, settings, store);
		}
	}

	private static Figures measure(String server, String variant, Settings settings, Store store) {
		try (ServerProcess process = ServerProcess.startFrom("", server, settings, store.options());
				Clients clients = Clients.connect(server, process.port(), 1, 1)) {
			clients.publisher.window(WINDOW);
			WarmUp.await(process, settings);
			clients.load.record(true);
			long received = clients.load.received();
			double cpu = process.cpuSeconds();
			long began = System.nanoTime();
			LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
			double seconds = (System.nanoTime() - began) / 1e9;
			double published = clients.load.received() - received;
			double used = process.cpuSeconds() - cpu;
			Histogram latencies = clients.load.latencies();
			clients.publisher.stop(0);
			clients.load.awaitReceived(clients.publisher.published(), Duration.ofMinutes(1));
			clients.checkExact(clients.publisher.published());
			Map<String, Double> values = new LinkedHashMap<>();
			values.put("publishes/s", published / seconds);
			values.put("publishes per server-CPU-second", published / used);
			FanOut.latencies(values, latencies);
			return new Figures(server, variant, values);
		}
	}

}
