package dev.realtime.spring.journey;

import dev.realtime.testing.Engines;
import dev.realtime.testing.RabbitServer;
import org.junit.jupiter.api.AfterAll;

/** The journey over RabbitMQ. */
class RabbitJourneyIT extends RelayJourneyContract {

	RabbitJourneyIT() {
		super(FleetServers.redis(), "realtime.relay.type=rabbit", "spring.rabbitmq.host=127.0.0.1",
				"spring.rabbitmq.port=" + server().port());
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
	private static RabbitServer server() {
		Engines.require("rabbitmq-server");
		return Own.SERVER;
	}

	private static final class Own {

		private static final RabbitServer SERVER = RabbitServer.start();

	}

}
