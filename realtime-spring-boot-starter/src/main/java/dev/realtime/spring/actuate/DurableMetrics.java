package dev.realtime.spring.actuate;

import java.time.Clock;

import dev.realtime.broker.jdbc.JdbcBroker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The durable log's meters; {@code docs/operations.md} says which of them to page on. The
 * database is looked at every 2 s by the engine, never by whoever reads a meter.
 */
final class DurableMetrics implements MeterBinder {

	private final JdbcBroker broker;

	private final Clock clock;

	DurableMetrics(JdbcBroker broker, Clock clock) {
		this.broker = broker;
		this.clock = clock;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("realtime.outbox.messages", this.broker, (broker) -> broker.outbox().messages())
			.description("Messages that are stored and not known to be announced")
			.register(registry);
		Gauge.builder("realtime.outbox.age", this.broker, this::age)
			.description("Age of the oldest message that is stored and not known to be announced")
			.baseUnit("seconds")
			.register(registry);
		Gauge.builder("realtime.dead.letters", this.broker, (broker) -> broker.outbox().deadLetters())
			.description("Publications and messages that were given up")
			.register(registry);
		Gauge.builder("realtime.store.waiting", this.broker, JdbcBroker::waiting)
			.description("Publications of this node that wait to be stored")
			.register(registry);
	}

	private double age(JdbcBroker broker) {
		long oldest = broker.outbox().oldest();
		return (oldest > 0) ? Math.max(0, this.clock.millis() - oldest) / 1_000.0 : 0;
	}

}
