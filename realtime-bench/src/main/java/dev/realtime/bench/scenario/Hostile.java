package dev.realtime.bench.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.load.Hostiles;
import org.jspecify.annotations.Nullable;

/**
 * 500 normal clients, then the same beside 2,000 hostile ones, as the attack begins and
 * when it has lasted for a while: what the normal ones notice. A control has the attack
 * on another server that closes at once: it shows what attackers cost on the same
 * machine. No normal client may be cut, and each must get every message once and in
 * order.
 */
final class Hostile implements Scenario {

	private static final int NORMAL = 500;

	/**
	 * From the first hostile connection on, at a server that knows normal clients alone.
	 */
	private static final String AT_FIRST = "500 beside 2000 hostile, at first";

	/** Once the server has compiled what the attack makes it do. */
	private static final String LATER = "500 beside 2000 hostile, later";

	/**
	 * The limits that an application has by default. The hostile clients come from
	 * addresses of this machine, which count as strangers' here.
	 */
	private static final String[] LIMITS = { "--realtime.rates.enabled=true",
			"--realtime.limits.exempt-addresses=127.0.0.1", "--realtime.limits.connections-per-user=100" };

	/** What the attackers themselves cost, who share the machine with the server. */
	private static final String CONTROL = "500 beside 2000 at another server";

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
		return List.of("500 alone", CONTROL, AT_FIRST, LATER);
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int normal = settings.clients(NORMAL);
		int hostile = variant.equals("500 alone") ? 0 : settings.clients(2_000);
		try (ServerProcess process = ServerProcess.start(server, settings, LIMITS); @Nullable
		ServerProcess other = another(variant, settings);
				Clients clients = Clients.connect(server, process.port(), normal, 1)) {
			clients.publisher.rate(Latency.RATE);
			WarmUp.await(process, settings);
			try (Hostiles hostiles = new Hostiles(((other != null) ? other : process).port(), hostile)) {
				if (variant.equals(LATER)) {
					WarmUp.await(process, settings);
				}
				return measure(server, variant, process, clients, hostiles, settings);
			}
		}
	}

	private static Figures measure(String server, String variant, ServerProcess process, Clients clients,
			Hostiles hostiles, Settings settings) {
		long ended = hostiles.ended();
		double load = loadSeconds();
		long began = System.nanoTime();
		Figures figures = Latency.measure(server, variant, process, clients, clients.peers.size(), settings);
		double seconds = (System.nanoTime() - began) / 1e9;
		clients.checkExact(clients.publisher.published());
		Map<String, Double> values = new LinkedHashMap<>(figures.values());
		values.put("load cores", (loadSeconds() - load) / seconds);
		values.put("hostile open", (double) hostiles.open());
		values.put("hostile cut/s", (hostiles.ended() - ended) / seconds);
		values.put("RSS MB", process.residentKb() / 1024.0);
		return new Figures(server, variant, values);
	}

	/** The other server of the control; null for the rest. */
	private static @Nullable ServerProcess another(String variant, Settings settings) {
		return variant.equals(CONTROL) ? ServerProcess.start("closing", settings) : null;
	}

	/** Processor time of this process: the normal clients and the attackers. */
	private static double loadSeconds() {
		return ProcessHandle.current().info().totalCpuDuration().map((time) -> time.toNanos() / 1e9).orElse(0.0);
	}

}
