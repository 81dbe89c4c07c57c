package dev.realtime.relay;

class LoopbackRelayTests extends RelayContract {

	@Override
	protected Relay create() {
		return new LoopbackRelay();
	}

}
