package dev.realtime.spring.journey;

import dev.realtime.testing.Engines;
import dev.realtime.testing.NatsServer;
import org.junit.jupiter.api.AfterAll;

/** The journey over NATS. */
class NatsJourneyIT extends RelayJourneyContract {

	NatsJourneyIT() {
		super(FleetServers.redis(), "realtime.relay.type=nats", "realtime.relay.nats.servers=" + server().uri());
	}

	@Override
	void stopEngine() {
		server().stop();
	}

	@Override
	void restartEngine() {
		server().restart();
	}

	@AfterAll
	void closeEngine() {
		server().close();
	}

	/** The engine of this class alone; the tests end here where it is not installed. */
	private static NatsServer server() {
		Engines.require("nats-server");
		return Own.SERVER;
	}

	private static final class Own {

		private static final NatsServer SERVER = NatsServer.start();

	}

}
