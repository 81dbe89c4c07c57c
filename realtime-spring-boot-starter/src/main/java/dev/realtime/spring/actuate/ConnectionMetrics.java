package dev.realtime.spring.actuate;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.TransportKind;
import dev.realtime.hub.HubStats;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Meters of how clients come and are served; {@code docs/metrics.md} says what each one
 * means.
 */
final class ConnectionMetrics {

	private static final String TRANSPORT = "transport";

	private static final double[] REPLAYED = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000 };

	private final HubStats stats;

	private final TaggedHistogram connect = new TaggedHistogram("realtime.connect",
			"From the accepted handshake until CONNECTED was handed to the socket", TRANSPORT,
			TransportKind.values().length);

	private final TaggedHistogram recovery = new TaggedHistogram("realtime.recovery",
			"From SUBSCRIBE with a position until what is replayed was handed to the queue", "outcome",
			Recovery.values().length);

	private final List<DistributionSummary> replayed = new CopyOnWriteArrayList<>();

	ConnectionMetrics(HubStats stats) {
		this.stats = stats;
	}

	void bindTo(MeterRegistry registry) {
		this.connect.bindTo(registry);
		this.stats.onConnected((transport, nanos) -> this.connect.record(transport.word(), nanos));
		this.recovery.bindTo(registry);
		this.replayed.add(DistributionSummary.builder("realtime.recovery.messages")
			.baseUnit("messages")
			.description("Messages that a recovery has replayed")
			.serviceLevelObjectives(REPLAYED)
			.register(registry));
		this.stats.onRecovered(this::recovered);
		for (TransportKind transport : TransportKind.values()) {
			Gauge.builder("realtime.connections.by.transport", this.stats, (counted) -> counted.connections(transport))
				.tag(TRANSPORT, transport.word())
				.description("Open connections, by how their frames reach the client")
				.register(registry);
		}
	}

	private void recovered(Recovery outcome, long nanos, int messages) {
		this.recovery.record(word(outcome), nanos);
		if (outcome == Recovery.RECOVERED) {
			this.replayed.forEach((summary) -> summary.record(messages));
		}
	}

	/** The outcome as a tag's value. */
	static String word(Recovery outcome) {
		return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
