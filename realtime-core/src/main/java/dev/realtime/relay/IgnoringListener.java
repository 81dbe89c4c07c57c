package dev.realtime.relay;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;

/** Listens for a process that only announces. */
enum IgnoringListener implements Relay.Listener {

	INSTANCE;

	@Override
	public void onMessage(TopicMessage message) {
	}

	@Override
	public void onSignal(Signal signal) {
	}

	@Override
	public void onReconnected() {
	}

}
