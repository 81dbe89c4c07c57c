package dev.realtime.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.bench.load.Load;
import dev.realtime.bench.load.ReturningClients;
import dev.realtime.bench.redis.CommandCounts;
import dev.realtime.bench.redis.RedisProcess;

/**
 * 5,000 clients on two nodes, of which one is replaced: it drains, stops, and another
 * starts in its place, while 50 topics get a message a second each. No client may be left
 * behind, and none may lose, double or reorder a message.
 */
final class Deploy implements Scenario {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	/** Longer than the drain, and what Spring Boot gives its own shutdown. */
	private static final Duration STOPPING = Duration.ofSeconds(90);

	/**
	 * Below the ports that outgoing connections get, so that a node finds its own free.
	 */
	private static final int FIRST_PORT = 10_240;

	private static final int LAST_PORT = 32_767;

	@Override
	public String name() {
		return "deploy";
	}

	@Override
	public String headline() {
		return "all back s";
	}

	@Override
	public List<String> servers(Settings settings) {
		return ServerNames.ours(settings);
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of(clients(settings) + " clients, " + topics(settings) + " topics");
	}

	private static int clients(Settings settings) {
		return settings.sizes().clients(settings.clients(5_000));
	}

	private static int topics(Settings settings) {
		return Math.min(settings.sizes().topics(settings.clients(50)), clients(settings));
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int[] ports = { freePort(), freePort() };
		try (RedisProcess redis = RedisProcess.start();
				ServerProcess staying = node(server, settings, redis, ports[0]);
				Load load = new Load(Clients.dialect(server))) {
			ServerProcess leaving = node(server, settings, redis, ports[1]);
			try {
				List<String> topics = TopicPublisher.topics(topics(settings));
				ReturningClients clients = new ReturningClients(load, clients(settings),
						(i) -> topics.get(i % topics.size()), (failed) -> choose(ports, failed));
				clients.awaitBack(PATIENCE);
				TopicPublisher publisher = new TopicPublisher(load, staying.port(), topics, clients);
				publisher.publishOnEach(1);
				publisher.start();
				LockSupport.parkNanos(Duration.ofSeconds(settings.seconds()).toNanos());
				clients.reset();
				CommandCounts before = redis.commands();
				long began = System.nanoTime();
				leaving.stop(STOPPING);
				double stopped = secondsSince(began);
				leaving = node(server, settings, redis, ports[1]);
				double replaced = secondsSince(began);
				clients.awaitBack(PATIENCE);
				publisher.stop();
				publisher.awaitDelivered();
				clients.awaitBack(PATIENCE);
				CommandCounts seen = redis.commands().since(before);
				clients.checkExact(publisher::published);
				System.out.println("deploy, " + server + ": Redis saw " + seen + "; connections ended by the server: "
						+ clients.counts().ends());
				return figures(server, variant, clients.counts(), began, stopped, replaced, seen);
			}
			finally {
				leaving.close();
			}
		}
	}

	/**
	 * Any of the nodes, as a balancer does that does not know of drains; but another one
	 * where nothing listens.
	 */
	private static int choose(int[] ports, int failed) {
		int chosen = ports[ThreadLocalRandom.current().nextInt(2)];
		return (chosen != failed) ? chosen : ports[0] + ports[1] - failed;
	}

	private static Figures figures(String server, String variant, ReturningClients.Counts counts, long began,
			double stopped, double replaced, CommandCounts seen) {
		long returns = counts.returns().getTotalCount();
		if (returns == 0) {
			throw new IllegalStateException("No client was on the node that was replaced");
		}
		Map<String, Double> values = new LinkedHashMap<>();
		values.put("all back s", (counts.lastBackNanos() - began) / 1e9);
		values.put("stopped s", stopped);
		values.put("replaced s", replaced);
		values.put("returns", (double) returns);
		values.put("attempts", (double) counts.attempts());
		values.put("back p99 ms", counts.returns().getValueAtPercentile(99) / 1_000.0);
		values.put("Redis commands", (double) seen.total());
		values.put("scripts", (double) seen.startingWith("eval"));
		values.put("subscribes", (double) (seen.startingWith("subscribe") + seen.startingWith("unsubscribe")));
		values.put("commands a return", seen.total() / (double) returns);
		return new Figures(server, variant, values);
	}

	private static ServerProcess node(String server, Settings settings, RedisProcess redis, int port) {
		return ServerProcess.start(server, settings, "--broker=redis", "--redis=127.0.0.1:" + redis.port(),
				"--port=" + port);
	}

	private static double secondsSince(long nanos) {
		return (System.nanoTime() - nanos) / 1e9;
	}

	private static int freePort() {
		for (int attempt = 0; attempt < 100; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// In use: another one.
			}
		}
		throw new UncheckedIOException(new IOException("No port is free"));
	}

}
