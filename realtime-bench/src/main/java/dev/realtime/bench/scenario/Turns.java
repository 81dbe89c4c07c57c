package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What the difference between two servers costs. Both run at a time and are loaded in
 * turns of a few seconds, so that a machine whose speed drifts changes both alike, and
 * their ratio is a median of many. Servers of one command line still differ by what their
 * compilers have decided: each run begins with new processes.
 */
final class Turns implements Scenario {

	private static final String ONE_TO_ONE = "one-to-one, ";

	@Override
	public String name() {
		return "turns";
	}

	@Override
	public String headline() {
		return "ratio";
	}

	@Override
	public List<String> servers(Settings settings) {
		return ServerNames.ours(settings);
	}

	@Override
	public List<String> variants(Settings settings) {
		List<Integer> asked = settings.sizes().subscribers();
		return asked.isEmpty()
				? Stream.concat(Stream.of("1000 subscribers"), Store.KINDS.stream().map((kind) -> ONE_TO_ONE + kind))
					.toList()
				: asked.stream().map((count) -> count + " subscribers").toList();
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		String kind = variant.startsWith(ONE_TO_ONE) ? variant.substring(ONE_TO_ONE.length()) : Store.MEMORY;
		try (Store one = Store.start(kind); Store other = Store.start(kind)) {
			return measure(server, variant, settings, one, other);
		}
	}

	private static Figures measure(String server, String variant, Settings settings, Store store, Store storeBeside) {
		boolean one = variant.startsWith(ONE_TO_ONE);
		int clients = one ? 1 : settings.clients(Integer.parseInt(variant.split(" ", -1)[0]));
		int window = one ? OneToOne.WINDOW : Settings.WINDOW;
		try (Contender first = Contender.start(server, settings, "", store.options(), clients, window);
				Contender second = Contender.start(server, settings, settings.beside().jar(),
						Stream.concat(settings.beside().arguments().stream(), storeBeside.options().stream()).toList(),
						clients, window)) {
			List<Contender> both = List.of(first, second);
			both.forEach((each) -> WarmUp.await(each.process, settings, () -> turn(each, settings)));
			List<Double> firsts = new ArrayList<>();
			List<Double> seconds = new ArrayList<>();
			List<Double> ratios = new ArrayList<>();
			for (int i = 0; i < settings.beside().turns(); i++) {
				// what comes after the other one has a colder cache, or a warmer machine
				double early = turn(both.get(i % 2), settings);
				double late = turn(both.get(1 - i % 2), settings);
				firsts.add((i % 2 == 0) ? early : late);
				seconds.add((i % 2 == 0) ? late : early);
				ratios.add(seconds.get(i) / firsts.get(i));
			}
			both.forEach((each) -> each.clients.checkExact(each.clients.publisher.published()));
			Map<String, Double> values = new LinkedHashMap<>();
			values.put("per server-CPU-second", quantile(firsts, 0.5));
			values.put("of the one beside", quantile(seconds, 0.5));
			values.put("ratio", quantile(ratios, 0.5));
			values.put("lower quartile", quantile(ratios, 0.25));
			values.put("upper quartile", quantile(ratios, 0.75));
			return new Figures(server, variant, values);
		}
	}

	/** Deliveries for each second of the server's processor. */
	private static double turn(Contender contender, Settings settings) {
		Clients clients = contender.clients;
		long received = clients.load.received();
		double cpu = contender.process.cpuSeconds();
		clients.publisher.window(contender.window);
		LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
		clients.publisher.stop(0);
		clients.publisher.stop(clients.publisher.published() * clients.peers.size());
		return (clients.load.received() - received) / (contender.process.cpuSeconds() - cpu);
	}

	static double quantile(List<Double> values, double share) {
		List<Double> sorted = values.stream().sorted().toList();
		return sorted.get((int) (share * (sorted.size() - 1)));
	}

	/** A server with clients of its own. */
	private record Contender(ServerProcess process, Clients clients, int window) implements AutoCloseable {

		static Contender start(String server, Settings settings, String jar, List<String> arguments, int clients,
				int window) {
			ServerProcess process = ServerProcess.startFrom(jar, server, settings, arguments);
			return new Contender(process, Clients.connect(server, process.port(), clients, 1), window);
		}

		@Override
		public void close() {
			this.clients.close();
			this.process.close();
		}

	}

}
