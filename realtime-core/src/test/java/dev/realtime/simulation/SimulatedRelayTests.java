package dev.realtime.simulation;

import java.time.Duration;

import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.RelayContract;
import dev.realtime.relay.SessionRelay;

/** The model keeps to what all relays keep to; on real threads, in real time. */
class SimulatedRelayTests extends RelayContract {

	@Override
	protected Relay create() {
		Loops loops = new Loops();
		SimulatedRelay server = new SimulatedRelay(loops, Network.DIRECT);
		return new SessionRelay("The model", server.line(loops).opener(false), Duration.ofSeconds(1),
				Duration.ofSeconds(1), loops);
	}

}
