package dev.realtime.spring.netty;

import java.util.Locale;

import dev.realtime.spring.netty.ListenerStats.Refused;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The listener's meters; {@code docs/metrics.md} says what each one means. */
final class ListenerMetrics implements MeterBinder {

	private final ListenerStats stats;

	ListenerMetrics(ListenerStats stats) {
		this.stats = stats;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("realtime.netty.connections", this.stats, ListenerStats::open)
			.description("Open WebSockets of the Netty listener")
			.register(registry);
		Gauge.builder("realtime.netty.handshakes", this.stats, ListenerStats::handshakes)
			.description("Connections that are no WebSocket yet")
			.register(registry);
		for (Refused reason : Refused.values()) {
			FunctionCounter.builder("realtime.netty.refused", this.stats, (counted) -> counted.refusals(reason))
				.tag("reason", reason.name().toLowerCase(Locale.ROOT))
				.description("Connections that did not become a WebSocket")
				.register(registry);
		}
	}

}
