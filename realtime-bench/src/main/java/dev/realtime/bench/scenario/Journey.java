package dev.realtime.bench.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import dev.realtime.bench.journey.Course;
import dev.realtime.bench.journey.Stage;
import org.HdrHistogram.Histogram;

/**
 * What each stage of a message's way takes, inside the engine: 60 messages a second to
 * 1,000 sockets. In this process, so it starts no server.
 */
final class Journey implements Scenario {

	/** What is measured in place of a server. */
	private static final String ENGINE = "engine";

	private static final String MEMORY = "memory";

	private static final String EVENT_LOOP = "memory, event loop";

	private static final String REDIS = "redis";

	@Override
	public String name() {
		return "journey";
	}

	@Override
	public String headline() {
		return "own p99 µs";
	}

	@Override
	public List<String> servers(Settings settings) {
		return List.of(ENGINE);
	}

	@Override
	public List<String> variants(Settings settings) {
		return List.of(MEMORY, EVENT_LOOP, REDIS);
	}

	@Override
	public Figures measure(String server, String variant, Settings settings) {
		Course course = new Course(settings.sizes().clients(settings.clients(1_000)), Latency.RATE, settings.seconds());
		Supplier<Map<Stage, Histogram>> travel = switch (variant) {
			case REDIS -> course::overRedis;
			case EVENT_LOOP -> course::onAnEventLoop;
			default -> course::inMemory;
		};
		WarmUp.await(settings, () -> {
			Map<Stage, Histogram> unused = travel.get();
		});
		Map<Stage, Histogram> stages = travel.get();
		Map<String, Double> values = new LinkedHashMap<>();
		stages.forEach((stage, nanos) -> {
			String name = stage.name().toLowerCase(Locale.ROOT);
			values.put(name + " p50 µs", nanos.getValueAtPercentile(50) / 1_000.0);
			values.put(name + " p99 µs", nanos.getValueAtPercentile(99) / 1_000.0);
		});
		return new Figures(server, variant, values);
	}

}
