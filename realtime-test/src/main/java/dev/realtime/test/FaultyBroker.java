package dev.realtime.test;

import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.relay.Relay;

/** The node's broker, with faults on request. Without them it is the broker behind it. */
final class FaultyBroker extends DelegatingBroker {

	private final AnnouncementGate gate = new AnnouncementGate();

	private final Broker broker;

	private final Runnable loss;

	/**
	 * Stands in front of a broker.
	 * @param loss loses the numbering and the history of all topics of the broker, or
	 * throws an exception that says why it cannot
	 */
	FaultyBroker(Broker broker, Runnable loss) {
		this.broker = broker;
		this.loss = loss;
	}

	@Override
	protected Broker delegate() {
		return this.broker;
	}

	AnnouncementGate gate() {
		return this.gate;
	}

	/** Returns when it is lost and the node compares its positions with the log. */
	void loseNumbering() {
		this.loss.run();
		this.gate.onReconnected();
	}

	@Override
	public void start(Relay.Listener listener) {
		this.broker.start(this.gate.before(listener));
	}

}
