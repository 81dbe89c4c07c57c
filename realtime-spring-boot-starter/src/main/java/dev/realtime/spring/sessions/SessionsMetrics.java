package dev.realtime.spring.sessions;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of commands about sessions; see {@code docs/metrics.md}. */
final class SessionsMetrics implements MeterBinder {

	private final KnownRestrictions known;

	private final LocalSessions sessions;

	private final Rechecks rechecks;

	SessionsMetrics(KnownRestrictions known, LocalSessions sessions, Rechecks rechecks) {
		this.known = known;
		this.rechecks = rechecks;
		this.sessions = sessions;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("realtime.sessions.restrictions", this.known, KnownRestrictions::size)
			.description("Blocks, revocations and recent commands that this node knows")
			.register(registry);
		FunctionCounter.builder("realtime.sessions.ended", this.sessions, LocalSessions::closed)
			.description("Connections of this node that were ended by a block, a revocation or a command")
			.register(registry);
		FunctionCounter.builder("realtime.rechecks", this.rechecks, Rechecks::decided)
			.description("Decisions about rights of open subscriptions that were made again")
			.register(registry);
		FunctionCounter.builder("realtime.rechecks.revoked", this.rechecks, Rechecks::revoked)
			.description("Subscriptions, and topics of wildcard subscriptions, that such a decision ended")
			.register(registry);
	}

}
