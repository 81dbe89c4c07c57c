package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.load.Load;
import dev.realtime.bench.load.Peer;

/**
 * 15,000 clients are cut at once, miss 100 messages, and come back with their positions:
 * every one of them must get just those, in order.
 */
final class RecoveryStorm implements Scenario {

	private static final int MISSED = 100;

	private static final int SEEN = 5;

	@Override
	public String name() {
		return "recovery-storm";
	}

	@Override
	public String headline() {
		return "seconds";
	}

	@Override
	public List<String> servers(Settings settings) {
		return ServerNames.ours(settings);
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of("15000 clients, 100 messages each");
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int count = settings.clients(15_000);
		try (ServerProcess process = ServerProcess.start(server, settings);
				Clients clients = Clients.connect(server, process.port(), count, 1)) {
			clients.publisher.burst(SEEN);
			clients.checkExact(SEEN + 1);
			Load load = clients.load;
			List<String> positions = load.on(() -> clients.peers.stream().map(Peer::position).toList());
			load.run(() -> clients.peers.forEach(Peer::cut));
			awaitGone(load);
			clients.publisher.publish(MISSED);
			double cpu = process.cpuSeconds();
			long goal = load.received() + (long) count * MISSED;
			long began = System.nanoTime();
			List<Peer> back = load.connect(process.port(), count, (i) -> "bench", positions::get, 0);
			load.run(() -> back.forEach((peer) -> peer.expectAfter(SEEN + 1)));
			load.awaitReceived(goal, Duration.ofMinutes(2));
			double seconds = (System.nanoTime() - began) / 1e9;
			double used = process.cpuSeconds() - cpu;
			for (Peer peer : back) {
				if (peer.received() != MISSED) {
					throw new IllegalStateException("A client recovered " + peer.received() + " of " + MISSED);
				}
			}
			clients.checkNoFailures();
			Map<String, Double> values = new LinkedHashMap<>();
			values.put("seconds", seconds);
			values.put("clients/s", count / seconds);
			values.put("server CPU seconds", used);
			return new Figures(server, variant, values);
		}
	}

	private static void awaitGone(Load load) {
		while (load.live() > 1) {
			java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
		}
	}

}
