package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;

/** How long a message takes at a rate that every server can hold: an open loop. */
class Latency implements Scenario {

	static final int RATE = 60;

	@Override
	public String name() {
		return "latency";
	}

	@Override
	public String headline() {
		return "p99 ms";
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of("60 publishes/s to 1000");
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		try (ServerProcess process = ServerProcess.start(server, settings);
				Clients clients = Clients.connect(server, process.port(), settings.clients(1_000), 1)) {
			return openLoop(server, variant, process, clients, RATE, clients.peers.size(), settings);
		}
	}

	/** Measures, with so many clients that read. */
	static Figures openLoop(String server, String variant, ServerProcess process, Clients clients, int rate,
			int readers, Settings settings) {
		clients.publisher.rate(rate);
		WarmUp.await(process, settings);
		clients.load.record(true);
		double cpu = process.cpuSeconds();
		double compiler = process.compilerSeconds();
		long began = System.nanoTime();
		LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
		double seconds = (System.nanoTime() - began) / 1e9;
		double used = process.cpuSeconds() - cpu;
		double compiled = process.compilerSeconds() - compiler;
		clients.publisher.stop(0);
		// Messages that are late at the end count, too.
		clients.load.awaitReceived(clients.publisher.published() * readers, Duration.ofMinutes(1));
		clients.load.record(false);
		Histogram latencies = clients.load.latencies();
		Map<String, Double> values = new LinkedHashMap<>();
		FanOut.latencies(values, latencies);
		values.put("max ms", latencies.getMaxValue() / 1_000.0);
		values.put("server cores", used / seconds);
		values.put("compiler cores", compiled / seconds);
		return new Figures(server, variant, values);
	}

}
