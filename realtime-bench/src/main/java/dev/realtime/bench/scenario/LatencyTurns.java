package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;

/**
 * The open loop of {@code latency}, with all servers running at a time and loaded in
 * turns of a few seconds: a machine whose speed drifts changes all of them alike, and
 * each has been compiled for as long as the others. Figures are medians of the turns, and
 * the ratio is that of a turn of the server to the same turn of the first one named.
 */
final class LatencyTurns implements Scenario {

	private final Latency latency = new Latency();

	@Override
	public String name() {
		return "latency-turns";
	}

	@Override
	public String headline() {
		return this.latency.headline();
	}

	@Override
	public List<String> variants(Settings settings) {
		return this.latency.variants(settings);
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		return measureAll(List.of(server), variant, settings).get(0);
	}

	@Override
	public List<Figures> measureAll(List<String> servers, String variant, Settings settings) {
		List<Contender> all = new ArrayList<>();
		try {
			servers.forEach((server) -> all.add(Contender.start(server, settings)));
			all.forEach((each) -> WarmUp.await(each.process, settings, () -> each.turn(settings)));
			List<Contender> order = new ArrayList<>(all);
			for (int i = 0; i < settings.beside().turns(); i++) {
				order.forEach((each) -> each.turns.add(each.turn(settings)));
				Collections.rotate(order, -1);
			}
			all.forEach((each) -> each.clients.checkExact(each.clients.publisher.published()));
			Contender first = all.stream()
				.filter((each) -> each.server.equals(settings.servers().get(0)))
				.findFirst()
				.orElse(all.get(0));
			return all.stream().map((each) -> each.figures(first, variant)).toList();
		}
		finally {
			all.forEach(Contender::close);
		}
	}

	/** What one turn has shown. */
	private record Turn(double p50, double p99, double cores) {
	}

	/** A server with clients of its own, and its turns. */
	private record Contender(String server, ServerProcess process, Clients clients,
			List<Turn> turns) implements AutoCloseable {

		static Contender start(String server, Settings settings) {
			ServerProcess process = ServerProcess.start(server, settings);
			return new Contender(server, process, Clients.connect(server, process.port(), settings.clients(1_000), 1),
					new ArrayList<>());
		}

		Turn turn(Settings settings) {
			double cpu = this.process.cpuSeconds();
			this.clients.load.record(true);
			this.clients.publisher.rate(Latency.RATE);
			LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
			this.clients.publisher.stop(0);
			this.clients.publisher.stop(this.clients.publisher.published() * this.clients.peers.size());
			this.clients.load.record(false);
			Histogram latencies = this.clients.load.latencies();
			return new Turn(latencies.getValueAtPercentile(50) / 1_000.0, latencies.getValueAtPercentile(99) / 1_000.0,
					(this.process.cpuSeconds() - cpu) / settings.seconds());
		}

		Figures figures(Contender first, String variant) {
			List<Double> ratios = new ArrayList<>();
			for (int i = 0; i < this.turns.size(); i++) {
				ratios.add(this.turns.get(i).p99 / first.turns.get(i).p99);
			}
			Map<String, Double> values = new LinkedHashMap<>();
			values.put("p50 ms", Turns.quantile(this.turns.stream().map(Turn::p50).toList(), 0.5));
			values.put("p99 ms", Turns.quantile(this.turns.stream().map(Turn::p99).toList(), 0.5));
			values.put("p99 ratio", Turns.quantile(ratios, 0.5));
			values.put("lower quartile", Turns.quantile(ratios, 0.25));
			values.put("upper quartile", Turns.quantile(ratios, 0.75));
			values.put("server cores", Turns.quantile(this.turns.stream().map(Turn::cores).toList(), 0.5));
			return new Figures(this.server, variant, values);
		}

		@Override
		public void close() {
			this.clients.close();
			this.process.close();
		}

	}

}
