package dev.realtime.spring.testing;

import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.log.TopicLog;
import dev.realtime.relay.Relay;
import org.jspecify.annotations.Nullable;

/** A broker that has a log and nothing else. */
public final class FakeBroker extends DelegatingBroker {

	private final TopicLog log;

	/** Gives the log away. */
	public FakeBroker(TopicLog log) {
		this.log = log;
	}

	@Override
	protected Broker delegate() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void start(Relay.Listener listener) {
		// nothing to start
	}

	@Override
	public TopicLog log() {
		return this.log;
	}

	@Override
	public boolean isConnected() {
		return true;
	}

	@Override
	public boolean isUsable() {
		return true;
	}

	@Override
	public <T extends Broker> @Nullable T unwrap(Class<T> type) {
		return type.isInstance(this) ? type.cast(this) : null;
	}

	@Override
	public void close() {
		// nothing to close
	}

}
