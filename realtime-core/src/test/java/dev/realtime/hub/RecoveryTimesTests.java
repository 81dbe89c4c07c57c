package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** How long recoveries take, and how much they replay. */
class RecoveryTimesTests extends VirtualHubFixture<MemoryBroker> {

	private final List<Told> told = new ArrayList<>();

	RecoveryTimesTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
		this.hub.stats()
			.onRecovered(
					(outcome, nanos, messages) -> this.told.add(new Told(outcome, Duration.ofNanos(nanos), messages)));
	}

	@Test
	void aRecoveryIsToldOnceItsLastMessageIsInTheQueue() {
		Position first = publish(1);
		publish(200);
		RecordingTransport client = connected("ann");
		client.stopReading();
		connection("ann").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		settle();
		pass(Duration.ofSeconds(2));
		assertThat(this.told).isEmpty();

		client.readAgain();
		settle();

		assertThat(client.seqs()).hasSize(200);
		assertThat(this.told).hasSize(1).first().satisfies((each) -> {
			assertThat(each.outcome).isEqualTo(Recovery.RECOVERED);
			assertThat(each.time).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
			assertThat(each.messages).isEqualTo(200);
		});
	}

	@Test
	void aClientThatLacksNothingHasRecoveredWithoutMessages() {
		Position last = publish(3);
		RecordingTransport client = connected("ann");
		connection("ann").subscribe(new SubscribeRequest("sub-0", ROOM, last, 0, "r"));
		settle();

		assertThat(client.seqs()).isEmpty();
		assertThat(this.told).extracting(Told::outcome, Told::messages).containsExactly(tuple(Recovery.RECOVERED, 0));
	}

	@Test
	void whatCannotBeRecoveredIsToldWithItsOutcome() {
		publish(3);
		RecordingTransport client = connected("ann");
		connection("ann").subscribe(new SubscribeRequest("sub-0", ROOM, new Position("OTHER", 1), 0, "r"));
		settle();

		assertThat(client.others()).hasSize(1);
		assertThat(this.told).extracting(Told::outcome).containsExactly(Recovery.EPOCH_CHANGED);
	}

	@Test
	void aSubscriptionWithoutAPositionIsNoRecovery() {
		publish(3);
		RecordingTransport fresh = subscribed("fresh");
		RecordingTransport rewound = connected("rewound");
		connection("rewound").subscribe(new SubscribeRequest("sub-0", ROOM, null, 2, "r"));
		settle();

		assertThat(fresh.seqs()).isEmpty();
		assertThat(rewound.seqs()).containsExactly(2L, 3L);
		assertThat(this.told).isEmpty();
	}

	private record Told(Recovery outcome, Duration time, int messages) {
	}

}
