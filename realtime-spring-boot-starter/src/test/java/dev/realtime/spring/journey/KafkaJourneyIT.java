package dev.realtime.spring.journey;

import dev.realtime.testing.KafkaServer;
import org.junit.jupiter.api.AfterAll;

/** The journey over Kafka. */
class KafkaJourneyIT extends RelayJourneyContract {

	KafkaJourneyIT() {
		// Beside other Kafka servers on few cores, one may take seconds for a new topic.
		super(FleetServers.redis(), "realtime.relay.type=kafka", "realtime.relay.kafka.timeout=5s",
				"spring.kafka.bootstrap-servers=" + server().address());
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

	/** The engine of this class alone; the tests end here where it is not there. */
	private static KafkaServer server() {
		KafkaServer.require();
		return Own.SERVER;
	}

	private static final class Own {

		private static final KafkaServer SERVER = KafkaServer.start();

	}

}
