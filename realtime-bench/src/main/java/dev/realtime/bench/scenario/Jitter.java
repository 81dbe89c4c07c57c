package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.bench.load.Load;
import dev.realtime.bench.load.ReturningClients;

/**
 * 10,000 clients of 100 topics, each cut at random about every 15 s, while each topic
 * gets a message a second: nothing may be lost, doubled or reordered, and the heap must
 * be at the end what it was at the start.
 */
final class Jitter implements Scenario {

	private static final Duration EACH_CUT = Duration.ofSeconds(15);

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	/** The log is full before the heap is measured, so it does not grow afterwards. */
	private static final int KEPT = 60;

	private static final double MEGABYTE = 1_048_576;

	@Override
	public String name() {
		return "jitter";
	}

	@Override
	public String headline() {
		return "replay p99 ms";
	}

	@Override
	public List<String> servers(Settings settings) {
		return ServerNames.ours(settings);
	}

	@Override
	public List<String> variants(Settings settings) {
		return List
			.of(clients(settings) + " clients, " + topics(settings) + " topics, " + time(settings).toSeconds() + " s");
	}

	private static int clients(Settings settings) {
		return settings.sizes().clients(settings.clients(10_000));
	}

	private static int topics(Settings settings) {
		return Math.min(settings.sizes().topics(settings.clients(100)), clients(settings));
	}

	private static Duration time(Settings settings) {
		return settings.sizes().time(Duration.ofMinutes(2));
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		List<String> topics = TopicPublisher.topics(topics(settings));
		try (ServerProcess process = ServerProcess.start(server, settings,
				"--realtime.topics.rooms.history-size=" + KEPT); Load load = new Load(Clients.dialect(server))) {
			ReturningClients clients = new ReturningClients(load, clients(settings),
					(i) -> topics.get(i % topics.size()), (failed) -> process.port());
			clients.awaitBack(PATIENCE);
			TopicPublisher publisher = new TopicPublisher(load, process.port(), topics, clients);
			publisher.publishOnEach(KEPT);
			cut(clients, publisher, Duration.ofSeconds(settings.seconds()));
			long before = heap(process);
			clients.reset();
			long received = load.received();
			double cpu = process.cpuSeconds();
			cut(clients, publisher, time(settings));
			double used = process.cpuSeconds() - cpu;
			long delivered = load.received() - received;
			clients.checkExact(publisher::published);
			ReturningClients.Counts counts = clients.counts();
			if (!counts.ends().isEmpty()) {
				throw new IllegalStateException("Connections ended that were not cut: " + counts.ends());
			}
			return figures(server, variant, counts, delivered, used / time(settings).toSeconds(), before,
					heap(process));
		}
	}

	/** Cuts and publishes for so long, then waits until everybody has everything. */
	private static void cut(ReturningClients clients, TopicPublisher publisher, Duration time) {
		clients.cutEach(EACH_CUT);
		publisher.start();
		LockSupport.parkNanos(time.toNanos());
		publisher.stop();
		clients.stopCutting();
		clients.awaitBack(PATIENCE);
		publisher.awaitDelivered();
	}

	/** What is left when connections that were cut have ended for the server, too. */
	private static long heap(ServerProcess process) {
		LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
		return process.liveHeap();
	}

	private static Figures figures(String server, String variant, ReturningClients.Counts counts, long delivered,
			double cores, long before, long after) {
		Map<String, Double> values = new LinkedHashMap<>();
		values.put("reconnects", (double) counts.attempts());
		values.put("deliveries", (double) delivered);
		values.put("replayed", (double) counts.replayed());
		values.put("replay p50 ms", counts.replays().getValueAtPercentile(50) / 1_000.0);
		values.put("replay p99 ms", counts.replays().getValueAtPercentile(99) / 1_000.0);
		values.put("back p99 ms", counts.returns().getValueAtPercentile(99) / 1_000.0);
		values.put("server cores", cores);
		values.put("heap MB at the start", before / MEGABYTE);
		values.put("heap MB at the end", after / MEGABYTE);
		return new Figures(server, variant, values);
	}

}
