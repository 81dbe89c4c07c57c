package dev.realtime.hub;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.Topic;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Each message that the relay brings is told of once, before it is delivered. */
class RelayedMessagesTests extends VirtualHubFixture<MemoryBroker> {

	private final List<Long> told = new ArrayList<>();

	RelayedMessagesTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
	}

	@Test
	void aMessageIsToldOnceHoweverManyGetIt() {
		this.hub.stats().onRelayed((message) -> this.told.add(message.seq()));
		RecordingTransport ann = subscribed("ann");
		RecordingTransport bob = subscribed("bob");
		publish(2);
		publish(Topic.of("nobody.reads"), 1);
		settle();

		assertThat(this.told).containsExactly(1L, 2L);
		assertThat(ann.seqs()).isEqualTo(bob.seqs()).hasSize(2);
	}

	@Test
	void rule9_aListenerThatThrowsKeepsNoMessageFromSubscribers() {
		this.hub.stats().onRelayed((message) -> {
			throw new AssertionError("on purpose");
		});
		RecordingTransport ann = subscribed("ann");
		publish(3);
		settle();

		assertThat(ann.seqs()).containsExactly(1L, 2L, 3L);
	}

}
