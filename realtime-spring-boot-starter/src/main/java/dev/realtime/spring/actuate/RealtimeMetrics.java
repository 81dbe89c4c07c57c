package dev.realtime.spring.actuate;

import java.time.Clock;
import java.util.List;
import java.util.function.ToDoubleFunction;

import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.feed.RepairCause;
import dev.realtime.hub.HubStats;
import dev.realtime.node.RealtimeNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meters of a node's connections; {@code docs/metrics.md} says what each one means.
 */
final class RealtimeMetrics implements MeterBinder {

	private final RealtimeNode node;

	private final Clock clock;

	private final ConnectionMetrics connections;

	private final DrainMetrics drain;

	private final RuleTimers lag;

	private final RuleTimers written;

	private final Histogram relayed = new Histogram("realtime.relay.lag",
			"From when a message was numbered until the relay brought it to this node", List.of());

	RealtimeMetrics(RealtimeNode node, Clock clock) {
		this.node = node;
		this.clock = clock;
		this.connections = new ConnectionMetrics(node.hub().stats());
		this.drain = new DrainMetrics(node);
		this.lag = new RuleTimers("realtime.delivery.lag",
				"From when a message was numbered until all live subscribers of a shard were offered it",
				node.policies());
		this.written = new RuleTimers("realtime.written.lag",
				"From when a message was numbered until it was handed to a socket, of one write in 64",
				node.policies());
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		HubStats stats = this.node.hub().stats();
		this.lag.bindTo(registry);
		this.connections.bindTo(registry);
		this.drain.bindTo(registry);
		if (this.node.broker().unwrap(MemoryBroker.class) == null) {
			this.relayed.bindTo(registry);
			stats.onRelayed((message) -> this.relayed.recordAge(message, this.clock.millis()));
		}
		this.written.bindTo(registry);
		stats.onWritten((message) -> this.written.recordAge(message, this.clock.millis()));
		stats.onDelivered((message) -> this.lag.recordAge(message, this.clock.millis()));
		for (String reason : stats.disconnects().reasons()) {
			FunctionCounter.builder("realtime.disconnects", stats, (counted) -> counted.disconnects().count(reason))
				.tag("reason", reason)
				.description("Connections that ended, by reason")
				.register(registry);
		}
		gauge(registry, "realtime.connections", "Open connections", stats, HubStats::connections);
		gauge(registry, "realtime.connections.slow", "Connections whose client reads too slowly now", stats,
				HubStats::slow);
		gauge(registry, "realtime.subscriptions", "Live subscriptions", stats, HubStats::subscriptions);
		Gauge.builder("realtime.queue.bytes", stats, HubStats::queuedBytes)
			.description("Bytes that wait to be written to sockets")
			.baseUnit("bytes")
			.register(registry);
		Gauge.builder("realtime.topics", this.node, (node) -> node.hub().topics())
			.description("Topics with local subscribers")
			.register(registry);
		Gauge.builder("realtime.patterns", this.node, (node) -> node.hub().patterns())
			.description("Different wildcard subscriptions of this node's connections")
			.register(registry);
		Gauge.builder("realtime.topics.behind", this.node, (node) -> node.hub().topicsBehind())
			.description("Topics that could not be read from the log lately")
			.register(registry);
		counter(registry, "realtime.delivered", "Messages offered to subscribers", stats, HubStats::delivered);
		counter(registry, "realtime.writes", "Batches of frames handed to sockets", stats, HubStats::writes);
		counter(registry, "realtime.dropped", "Messages dropped from full queues", stats, HubStats::dropped);
		counter(registry, "realtime.left.out", "Messages that topics' rates left out", stats, HubStats::leftOut);
		counter(registry, "realtime.conflated", "Messages that newer ones replaced in a slow subscriber's queue", stats,
				HubStats::conflated);
		counter(registry, "realtime.signals", "Signals queued for subscribers", stats, HubStats::signals);
		counter(registry, "realtime.signals.dropped", "Signals not delivered to subscribers that are behind", stats,
				HubStats::signalsDropped);
		intercepted(registry, "vetoed", HubStats::vetoed);
		intercepted(registry, "failed", HubStats::interceptorFailures);
		counter(registry, "realtime.overflows", "Connections closed for a full queue", stats, HubStats::overflows);
		for (RepairCause cause : RepairCause.values()) {
			FunctionCounter.builder("realtime.repairs", stats, (counted) -> counted.repairs(cause))
				.tag("cause", cause.word())
				.description("Holes filled from the log, by what made this node read it")
				.register(registry);
		}
		counter(registry, "realtime.gaps", "Holes that could not be filled", stats, HubStats::gaps);
		for (Recovery recovery : Recovery.values()) {
			FunctionCounter.builder("realtime.recoveries", stats, (counted) -> counted.recoveries(recovery))
				.tag("outcome", ConnectionMetrics.word(recovery))
				.description("Subscriptions, by the outcome of their recovery")
				.register(registry);
		}
	}

	private void intercepted(MeterRegistry registry, String outcome, ToDoubleFunction<HubStats> count) {
		FunctionCounter.builder("realtime.intercepted", this.node.hub().stats(), count)
			.tag("outcome", outcome)
			.description("Messages that an outbound interceptor kept from one subscription")
			.register(registry);
	}

	private static void gauge(MeterRegistry registry, String name, String description, HubStats stats,
			ToDoubleFunction<HubStats> value) {
		Gauge.builder(name, stats, value).description(description).register(registry);
	}

	private static void counter(MeterRegistry registry, String name, String description, HubStats stats,
			ToDoubleFunction<HubStats> count) {
		FunctionCounter.builder(name, stats, count).description(description).register(registry);
	}

}
