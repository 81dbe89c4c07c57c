package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What an idle, subscribed connection costs: the whole process's resident memory after a
 * full collection, minus that of the warmed-up server without clients.
 */
final class IdleMemory implements Scenario {

	private static final int WARM_UP_CLIENTS = 500;

	@Override
	public String name() {
		return "idle-memory";
	}

	@Override
	public String headline() {
		return "KB for each connection";
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of("15000 connections");
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int count = settings.clients(15_000);
		// A small heap that is given back at once: memory that is committed but free
		// before
		// the clients come would hide what they take.
		Settings tight = settings.with("-Xms8m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");
		try (ServerProcess process = ServerProcess.start(server, tight)) {
			try (Clients warmUp = Clients.connect(server, process.port(),
					Math.min(count, settings.clients(WARM_UP_CLIENTS)), 1)) {
				warmUp.publisher.burst(20);
			}
			settle(process);
			long before = process.residentKb();
			try (Clients clients = Clients.connect(server, process.port(), count, 1)) {
				settle(process);
				long after = process.residentKb();
				clients.checkExact(1);
				Map<String, Double> values = new LinkedHashMap<>();
				values.put("KB for each connection", (after - before) / (double) count);
				values.put("RSS MB without", before / 1024.0);
				values.put("RSS MB with", after / 1024.0);
				return new Figures(server, variant, values);
			}
		}
	}

	/** Gives timers and closed connections a moment, then collects. */
	private static void settle(ServerProcess process) {
		LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
		process.collectGarbage();
		LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
	}

}
