package dev.realtime.spring.offline;

import dev.realtime.spring.offline.OfflineCounts.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of messages to users who may be offline; see {@code docs/metrics.md}. */
final class OfflineMetrics implements MeterBinder {

	private final OfflineMessages messages;

	OfflineMetrics(OfflineMessages messages) {
		this.messages = messages;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Outcome outcome : Outcome.values()) {
			FunctionCounter
				.builder("realtime.offline.messages", this.messages.counts(), (counts) -> counts.get(outcome))
				.tag("outcome", outcome.tag())
				.description("Messages to users, by whether the user was connected and a handler took them")
				.register(registry);
		}
		Gauge.builder("realtime.offline.waiting", this.messages, OfflineMessages::waiting)
			.description("Messages to users that wait to be checked or handled")
			.register(registry);
	}

}
