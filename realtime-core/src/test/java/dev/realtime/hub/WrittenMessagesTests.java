package dev.realtime.hub;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Of what is written to sockets a sample is told. */
class WrittenMessagesTests extends VirtualHubFixture<MemoryBroker> {

	/** As in {@code docs/metrics.md}. */
	private static final int SAMPLED = 64;

	private final List<Long> told = new ArrayList<>();

	WrittenMessagesTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
		this.hub.stats().onWritten((message) -> this.told.add(message.seq()));
	}

	@Test
	void oneOfSoManyWritesIsTold() {
		RecordingTransport client = subscribed("ann");
		for (int i = 0; i < 10 * SAMPLED; i++) {
			publish(1);
			settle();
		}

		assertThat(client.seqs()).hasSize(10 * SAMPLED);
		assertThat(client.batches).hasSize(10 * SAMPLED + 1);
		assertThat(this.told).hasSize(10);
		assertThat(this.told.get(1) - this.told.get(0)).isEqualTo(SAMPLED);
	}

	@Test
	void whatARecoveryGivesIsNotTold() {
		Position first = publish(1);
		publish(20);
		for (int i = 0; i < 2 * SAMPLED; i++) {
			RecordingTransport client = connected("client-" + i);
			connection("client-" + i).subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, null));
			settle();
			assertThat(client.seqs()).hasSize(20);
		}
		assertThat(this.told).isEmpty();

		publish(1);
		settle();
		assertThat(this.told).containsExactly(22L, 22L);
	}

	@Test
	void rule9_aListenerThatThrowsEndsNoConnection() {
		this.hub.stats().onWritten((message) -> {
			throw new AssertionError("on purpose");
		});
		RecordingTransport client = subscribed("ann");
		for (int i = 0; i < 2 * SAMPLED; i++) {
			publish(1);
			settle();
		}

		assertThat(client.seqs()).hasSize(2 * SAMPLED);
		assertThat(client.closed).isNull();
	}

}
