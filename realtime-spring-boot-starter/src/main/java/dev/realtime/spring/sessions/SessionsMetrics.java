package dev.realtime.spring.sessions;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of commands about sessions; see {@code docs/metrics.md}. */
final class SessionsMetrics implements MeterBinder {

	private final KnownRestrictions known;

	private final LocalSessions sessions;

	SessionsMetrics(KnownRestrictions known, LocalSessions sessions) {
		this.known = known;
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
	}

}
