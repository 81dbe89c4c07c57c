package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.bench.load.Hostiles;

/**
 * 500 normal clients, then the same beside 2,000 hostile ones, as the attack begins and
 * when it has lasted for a while: what the normal ones notice. No normal client may be
 * cut, and each must get every message once and in order.
 */
final class Hostile implements Scenario {

	private static final int NORMAL = 500;

	/** When an attack has lasted for a while, in lengths of a measurement. */
	private static final int LATER = 4;

	/**
	 * The limits that an application has by default. The hostile clients come from
	 * addresses of this machine, which count as strangers' here.
	 */
	private static final String[] LIMITS = { "--realtime.rates.enabled=true",
			"--realtime.limits.exempt-addresses=127.0.0.1", "--realtime.limits.connections-per-user=100" };

	@Override
	public String name() {
		return "hostile";
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
		return List.of("500 alone", "500 beside 2000 hostile, at first", "500 beside 2000 hostile, later");
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int normal = settings.clients(NORMAL);
		int hostile = variant.contains("hostile") ? settings.clients(2_000) : 0;
		try (ServerProcess process = ServerProcess.start(server, settings, LIMITS);
				Clients clients = Clients.connect(server, process.port(), normal, 1);
				Hostiles hostiles = new Hostiles(process.port(), hostile)) {
			if (hostile > 0) {
				// At least until all have come once.
				LockSupport.parkNanos(
						Duration.ofSeconds(variant.contains("first") ? 3 : LATER * settings.seconds()).toNanos());
			}
			long ended = hostiles.ended();
			Figures figures = Latency.openLoop(server, variant, process, clients, Latency.RATE, normal, settings);
			clients.checkExact(clients.publisher.published());
			Map<String, Double> values = new LinkedHashMap<>(figures.values());
			values.put("hostile open", (double) hostiles.open());
			values.put("hostile cut/s", (hostiles.ended() - ended) / (2.0 * settings.seconds()));
			values.put("RSS MB", process.residentKb() / 1024.0);
			return new Figures(server, variant, values);
		}
	}

}
