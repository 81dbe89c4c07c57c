package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.load.Peer;

/**
 * A tenth of the clients stops reading: what the others notice. Measured on one server,
 * first without, then with them.
 */
final class SlowReaders implements Scenario {

	private static final int SMALL_BUFFER = 4_096;

	@Override
	public String name() {
		return "slow-readers";
	}

	@Override
	public String headline() {
		return "p99 ms";
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of("none of 1000", "100 of 1000");
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int readers = settings.clients(900);
		int stuck = variant.startsWith("none") ? 0 : settings.clients(100);
		try (ServerProcess process = ServerProcess.start(server, settings);
				Clients clients = Clients.connect(server, process.port(), readers, 1)) {
			if (stuck > 0) {
				List<Peer> slow = clients.load.connect(process.port(), stuck, (i) -> "bench", (i) -> "", SMALL_BUFFER);
				clients.load.awaitLive(readers + 1 + stuck, Duration.ofSeconds(30));
				clients.load.run(() -> slow.forEach(Peer::stopReading));
			}
			Figures figures = Latency.openLoop(server, variant, process, clients, Latency.RATE, readers, settings);
			Map<String, Double> values = new LinkedHashMap<>(figures.values());
			clients.checkExact(clients.publisher.published());
			return new Figures(server, variant, values);
		}
	}

}
