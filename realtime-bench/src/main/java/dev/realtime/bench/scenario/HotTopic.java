package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.List;

/**
 * What the subscribers of a quiet topic notice of messages to very many subscribers of
 * another one. Both have a thread of their own that reads. That of the crowd has the
 * lowest priority: what is measured is what the server does to the quiet topic, and not
 * what 15,000 clients on the server's processors do to it.
 */
final class HotTopic implements Scenario {

	private static final int QUIET_READERS = 20;

	/** Each of these messages is written to all subscribers of the hot topic. */
	private static final int STORMS_A_SECOND = 2;

	@Override
	public String name() {
		return "hot-topic";
	}

	@Override
	public String headline() {
		return "p99 ms";
	}

	/** Servers without topics have no second one. */
	@Override
	public List<String> servers(Settings settings) {
		return settings.servers().stream().filter((server) -> !ServerNames.isFloor(server)).toList();
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of("alone", "beside " + STORMS_A_SECOND + "/s to " + settings.clients(15_000));
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		int crowd = settings.clients(15_000);
		try (ServerProcess process = ServerProcess.start(server, settings);
				Clients hot = Clients.connectTo("bench.hot", server, process.port(), crowd);
				Clients quiet = Clients.connectTo("bench.quiet", server, process.port(), QUIET_READERS)) {
			boolean alike = hot.load.giveWay();
			if (!variant.equals("alone")) {
				hot.publisher.rate(STORMS_A_SECOND);
			}
			Figures figures = Latency.openLoop(server, variant, process, quiet, Latency.RATE, QUIET_READERS, settings);
			hot.publisher.stop(0);
			hot.load.awaitReceived(hot.publisher.published() * crowd, Duration.ofMinutes(1));
			hot.checkExact(hot.publisher.published());
			quiet.checkExact(quiet.publisher.published());
			if (!alike) {
				System.err.println("The clients of the hot topic had the same priority as those of the quiet one");
			}
			return figures;
		}
	}

}
