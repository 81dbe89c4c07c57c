package dev.realtime.spring.actuate;

import dev.realtime.connection.TransportKind;
import dev.realtime.hub.HubStats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Meters of how clients come and are served; {@code docs/metrics.md} says what each one
 * means.
 */
final class ConnectionMetrics {

	private static final String TRANSPORT = "transport";

	private final HubStats stats;

	private final TaggedHistogram connect = new TaggedHistogram("realtime.connect",
			"From the accepted handshake until CONNECTED was handed to the socket", TRANSPORT,
			TransportKind.values().length);

	ConnectionMetrics(HubStats stats) {
		this.stats = stats;
	}

	void bindTo(MeterRegistry registry) {
		this.connect.bindTo(registry);
		this.stats.onConnected((transport, nanos) -> this.connect.record(transport.word(), nanos));
		for (TransportKind transport : TransportKind.values()) {
			Gauge
				.builder("realtime.connections.by.transport", this.stats, (counted) -> counted.connections(transport))
				.tag(TRANSPORT, transport.word())
				.description("Open connections, by how their frames reach the client")
				.register(registry);
		}
	}

}
