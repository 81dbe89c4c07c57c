package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;

/**
 * What a publish costs: one subscriber, and as many publications outstanding as hide the
 * way to and fro. Over Redis each is numbered, stored and relayed.
 */
final class OneToOne implements Scenario {

	private static final int WINDOW = 256;

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
		return List.of("memory", "redis");
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		boolean ours = !server.equals("simple-broker") && !server.equals("socket.io") && !server.equals("bare-netty");
		if (variant.equals("redis") && !ours) {
			return new Figures(server, variant, Map.of());
		}
		if (!variant.equals("redis")) {
			return measure(server, variant, settings, new String[0]);
		}
		try (RedisProcess redis = RedisProcess.start()) {
			return measure(server, variant, settings, "--broker=redis", "--redis=127.0.0.1:" + redis.port());
		}
	}

	private static Figures measure(String server, String variant, Settings settings, String... more) {
		try (ServerProcess process = ServerProcess.start(server, settings, more);
				Clients clients = Clients.connect(server, process.port(), 1, 1)) {
			clients.publisher.window(WINDOW);
			LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
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
