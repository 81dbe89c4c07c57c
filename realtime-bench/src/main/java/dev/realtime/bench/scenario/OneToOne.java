package dev.realtime.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.bench.redis.RedisProcess;
import org.HdrHistogram.Histogram;

import org.springframework.util.FileSystemUtils;

/**
 * What a publish costs: one subscriber, and as many publications outstanding as hide the
 * way to and fro. Over Redis each is numbered, stored and relayed; with a database, H2 in
 * a file, it is numbered and stored there.
 */
final class OneToOne implements Scenario {

	static final int WINDOW = 256;

	private static final String H2 = "jdbc, H2 in a file";

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
		return List.of("memory", "redis", H2);
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		if (variant.equals("memory")) {
			return measure(server, variant, settings, new String[0]);
		}
		if (!ServerNames.isOurs(server)) {
			return new Figures(server, variant, Map.of());
		}
		try (RedisProcess redis = RedisProcess.start()) {
			String address = "--redis=127.0.0.1:" + redis.port();
			return variant.equals(H2) ? inDatabase(server, settings, address)
					: measure(server, variant, settings, "--broker=redis", address);
		}
	}

	private static Figures inDatabase(String server, Settings settings, String redis) {
		try {
			Path folder = Files.createTempDirectory("realtime-bench-h2");
			try {
				return measure(server, H2, settings, "--broker=jdbc", redis,
						"--jdbc=jdbc:h2:file:" + folder.resolve("bench"));
			}
			finally {
				FileSystemUtils.deleteRecursively(folder);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Figures measure(String server, String variant, Settings settings, String... more) {
		try (ServerProcess process = ServerProcess.start(server, settings, more);
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
