package dev.realtime.bench.scenario;

import java.util.List;

import dev.realtime.bench.redis.RedisProcess;

/** Publisher and subscribers on different nodes, over Redis. */
final class TwoNodes implements Scenario {

	@Override
	public String name() {
		return "two-nodes";
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
		return List.of("60 publishes/s to 1000 on the other node");
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		try (RedisProcess redis = RedisProcess.start();
				ServerProcess one = ServerProcess.start(server, settings, "--broker=redis",
						"--redis=127.0.0.1:" + redis.port());
				ServerProcess other = ServerProcess.start(server, settings, "--broker=redis",
						"--redis=127.0.0.1:" + redis.port());
				Clients clients = Clients.connect(server, other.port(), one.port(), settings.clients(1_000), 1)) {
			Figures figures = Latency.openLoop(server, variant, other, clients, Latency.RATE, clients.peers.size(),
					settings);
			clients.checkExact(clients.publisher.published());
			return figures;
		}
	}

}
