package dev.realtime.simulation;

import java.time.Duration;

import dev.realtime.broker.Broker;
import dev.realtime.broker.BrokerContract;
import dev.realtime.loop.Loops;
import dev.realtime.relay.SessionRelay;
import dev.realtime.testing.Await;
import org.awaitility.core.ThrowingRunnable;

/** The model keeps to what all brokers keep to; on real threads, in real time. */
class SimulatedBrokerTests extends BrokerContract {

	private final Loops loops = new Loops();

	private final SimulatedStore store = new SimulatedStore(this.loops, Network.DIRECT, (publication, receipt) -> {
	});

	private final SimulatedRelay relay = new SimulatedRelay(this.loops, Network.DIRECT);

	@Override
	protected Broker create() {
		SessionRelay session = new SessionRelay("The model", this.relay.line(this.loops).opener(true),
				Duration.ofSeconds(1), Duration.ofSeconds(1), this.loops);
		return new SimulatedBroker(this.store, session, this.loops);
	}

	@Override
	protected boolean isFleet() {
		return true;
	}

	/** Nodes announce after storing, each for itself. */
	@Override
	protected boolean isHeardInOrder() {
		return false;
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		Await.until(assertion);
	}

}
