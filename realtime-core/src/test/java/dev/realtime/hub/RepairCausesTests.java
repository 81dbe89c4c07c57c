package dev.realtime.hub;

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

}
