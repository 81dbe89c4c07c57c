package dev.realtime.hub;

import java.time.Duration;
import java.util.function.Function;

import dev.realtime.broker.Broker;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;
import dev.realtime.testing.VirtualEnvironment;

/**
 * A hub in virtual time: nothing happens unless the test lets it, all on the test's own
 * thread, in an order that the seed decides.
 */
public abstract class VirtualHubFixture<B extends Broker> extends HubFixture<B> {

	protected final VirtualEnvironment environment;

	protected VirtualHubFixture(VirtualEnvironment environment, Function<? super Environment, B> broker,
			HubOptions options) {
		super(broker.apply(environment), options, new PlainEncoder(), new Loops(environment, Loops.STALLED_AFTER));
		this.environment = environment;
	}

	@Override
	protected void awaitFrame(RecordingTransport transport) {
		this.environment.advanceUntil(() -> !transport.frames.isEmpty(), Duration.ofSeconds(15));
	}

	/** Runs what is due; no time passes. */
	protected final void settle() {
		this.environment.runDue();
	}

	protected final void pass(Duration time) {
		this.environment.advance(time);
	}

}
