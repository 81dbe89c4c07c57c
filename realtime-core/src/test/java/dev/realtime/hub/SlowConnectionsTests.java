package dev.realtime.hub;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.delivery.Frame;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Connections count as slow while their client reads too slowly. */
class SlowConnectionsTests extends VirtualHubFixture<MemoryBroker> {

	private static final Duration LOOK = Duration.ofMillis(1_200);

	SlowConnectionsTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
	}

	@Test
	void aSocketThatTakesNothingForASecondIsSlowUntilItTakesSomething() {
		RecordingTransport client = subscribed("ann");
		RecordingTransport other = subscribed("bob");
		client.stopReading();
		publish(1);
		settle();
		assertThat(this.hub.stats().slow()).isZero();
		pass(LOOK.multipliedBy(2));
		assertThat(this.hub.stats().slow()).isOne();

		client.readAgain();
		pass(LOOK);

		assertThat(this.hub.stats().slow()).isZero();
		assertThat(client.seqs()).isEqualTo(other.seqs());
	}

	@Test
	void aQueueThatIsHalfFullIsSlow() {
		RecordingTransport client = connected("ann");
		client.stopReading();
		for (int i = 0; i < 60; i++) {
			connection("ann").send(Frame.of("x".getBytes(StandardCharsets.UTF_8)));
		}
		pass(LOOK);

		assertThat(this.hub.stats().slow()).isOne();
	}

	@Test
	void aConnectionThatEndsIsNoLongerSlow() {
		RecordingTransport client = subscribed("ann");
		client.stopReading();
		publish(1);
		pass(LOOK.multipliedBy(2));
		assertThat(this.hub.stats().slow()).isOne();

		connection("ann").closed();
		settle();

		assertThat(this.hub.stats().slow()).isZero();
	}

}
