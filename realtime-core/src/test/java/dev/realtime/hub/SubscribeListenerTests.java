package dev.realtime.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.TopicPattern;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.PatternRequest;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeListener;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.testing.VirtualEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a listener is told of one subscription. */
class SubscribeListenerTests extends VirtualHubFixture<MemoryBroker> {

	private final List<String> told = new ArrayList<>();

	private boolean failing;

	SubscribeListenerTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
	}

	@Test
	void aNewSubscriptionIsAnsweredAndNoRecovery() {
		publish(1);
		subscribe(null);
		assertThat(this.told).containsExactly("answered NOT_ASKED");
	}

	@Test
	void aRecoveryIsToldAfterTheAnswer() {
		Position first = publish(1);
		publish(20);
		RecordingTransport client = subscribe(first);
		assertThat(client.seqs()).hasSize(20);
		assertThat(this.told).containsExactly("answered RECOVERED", "recovered RECOVERED 20");
	}

	@Test
	void whatCannotBeRecoveredIsToldWithItsOutcome() {
		publish(3);
		subscribe(new Position("OTHER", 1));
		assertThat(this.told).containsExactly("answered EPOCH_CHANGED", "recovered EPOCH_CHANGED 0");
	}

	@Test
	void aRecoveryThatEndsBeforeItIsOverIsNotTold() {
		Position first = publish(1);
		publish(200);
		RecordingTransport client = connected("ann");
		client.stopReading();
		connection("ann").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r", new Listener()));
		settle();
		assertThat(connection("ann").unsubscribe("sub-0")).isTrue();
		client.readAgain();
		settle();
		assertThat(this.told).containsExactly("answered RECOVERED");
	}

	@Test
	void aPatternIsAnswered() {
		RecordingTransport client = connected("ann");
		connection("ann").subscribe(new PatternRequest("sub-0", new TopicPattern("room.*"), Map.of(), false, "r",
				(topic) -> true, Runnable::run, new Listener()));
		settle();
		publish(1);
		settle();
		assertThat(client.seqs()).containsExactly(1L);
		assertThat(this.told).containsExactly("answered NOT_ASKED");
	}

	@Test
	void rule9_aListenerThatFailsCostsNoMessage() {
		this.failing = true;
		Position first = publish(1);
		publish(2);
		RecordingTransport client = subscribe(first);
		publish(1);
		settle();
		assertThat(client.seqs()).containsExactly(2L, 3L, 4L);
		assertThat(this.told).hasSize(2);
	}

	private RecordingTransport subscribe(@Nullable Position resume) {
		RecordingTransport client = connected("ann");
		connection("ann").subscribe(new SubscribeRequest("sub-0", ROOM, resume, 0, "r", new Listener()));
		settle();
		return client;
	}

	private final class Listener implements SubscribeListener {

		@Override
		public void answered(Recovery outcome) {
			note("answered " + outcome);
		}

		@Override
		public void recovered(Recovery outcome, long nanos, int messages) {
			note("recovered " + outcome + " " + messages);
		}

		private void note(String event) {
			SubscribeListenerTests.this.told.add(event);
			if (SubscribeListenerTests.this.failing) {
				throw new AssertionError("on purpose");
			}
		}

	}

}
