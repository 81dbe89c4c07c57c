package dev.realtime.hub;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.feed.RepairCause;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a node reads because the relay was lost is counted as such. */
class RepairCausesTests extends HubFixture<UnreliableBroker> {

	RepairCausesTests() {
		super(new UnreliableBroker(), OPTIONS, new PlainEncoder());
	}

	@Test
	void rule7_whatWasMissedWhileTheRelayWasAwayIsARepairOfThatCause() {
		RecordingTransport client = subscribed("ann");
		this.broker.lost = (message) -> true;
		publish(3);
		this.hub.onReconnected();
		await().until(() -> client.seqs().size() == 3);

		HubStats stats = this.hub.stats();
		await().until(() -> stats.repairs(RepairCause.RELAY_LOST) == 1);
		assertThat(stats.repairs(RepairCause.HOLE)).isZero();
		assertThat(stats.repairs(RepairCause.COMPARISON)).isZero();
	}

	@Test
	void rule7_whatTheRelayDroppedIsARepairOfThatCause() {
		RecordingTransport client = subscribed("ann");
		this.broker.lost = (message) -> true;
		publish(3);
		this.hub.onDropped();
		await().until(() -> client.seqs().size() == 3);

		HubStats stats = this.hub.stats();
		await().until(() -> stats.repairs(RepairCause.DROPPED) == 1);
		assertThat(stats.repairs(RepairCause.RELAY_LOST)).isZero();
	}

	@Test
	void rule3_aHoleIsARepairOfThatCause() {
		RecordingTransport client = subscribed("ann");
		this.broker.lost = (message) -> message.seq() == 2;
		publish(3);
		await().until(() -> client.seqs().size() == 3);

		HubStats stats = this.hub.stats();
		await().until(() -> stats.repairs(RepairCause.HOLE) == 1);
		assertThat(stats.repairs(RepairCause.RELAY_LOST)).isZero();
	}

	@Test
	void aRepairIsToldWithWhatItRead() {
		List<String> told = new CopyOnWriteArrayList<>();
		this.hub.stats()
			.onRepaired((topic, cause, last, messages, nanos) -> told
				.add(topic + " " + cause.word() + " " + last.seq() + " " + messages + " " + (nanos > 0)));
		RecordingTransport client = subscribed("ann");
		this.broker.lost = (message) -> message.seq() == 2 || message.seq() == 3;
		publish(4);
		await().until(() -> client.seqs().size() == 4);
		await().untilAsserted(() -> assertThat(told).containsExactly("room.42 hole 4 3 true"));
	}

	@Test
	void rule9_aListenerOfRepairsThatFailsCostsNoMessage() {
		this.hub.stats().onRepaired((topic, cause, last, messages, nanos) -> {
			throw new AssertionError("on purpose");
		});
		RecordingTransport client = subscribed("ann");
		this.broker.lost = (message) -> message.seq() == 2;
		publish(3);
		await().until(() -> client.seqs().size() == 3);
		publish(1);
		await().until(() -> client.seqs().size() == 4);
	}

}
