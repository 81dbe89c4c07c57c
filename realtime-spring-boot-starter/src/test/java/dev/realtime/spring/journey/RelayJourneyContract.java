package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The journey with another relay than what keeps the log. Nodes compare their positions
 * with the log so seldom that only the relay can be what brings a message.
 */
abstract class RelayJourneyContract extends JourneyContract {

	RelayJourneyContract(FleetServers servers, String... properties) {
		super(servers, Stream.concat(Stream.of("realtime.repair.check-interval=10m"), Stream.of(properties))
			.toArray(String[]::new));
	}

	/** Kills the engine. */
	abstract void stopEngine();

	/** Starts it again. */
	abstract void restartEngine();

	@Test
	void whoJoinsOnOneNodeIsSeenOnTheOther() {
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			there.subscribe("presence", "/topic/_presence.room.joins");
			here.subscribe("sub-0", "/topic/room.joins");

			StompFrame event = there.await("the join", StompFrame::isMessage);

			assertThat(event.body()).contains("ann");
		}
	}

	@Test
	void aWildcardSubscriptionGetsWhatIsPublishedOnTheOtherNode() {
		try (StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			there.subscribe("sub-0", "/topic/room.*");

			this.one.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(Topic.of("room.wild"), Content.text("wild")));

			assertThat(there.await("the message", StompFrame::isMessage).body()).isEqualTo("wild");
		}
	}

	@Test
	void rules2And7_whatIsPublishedWhileTheRelayIsAwayIsStoredAndArrivesOnceWhenItIsBack() {
		RealtimePublisher publisher = this.one.getBean(RealtimePublisher.class);
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			List<StompTestClient> clients = List.of(here, there);
			clients.forEach((client) -> client.subscribe("sub-0", "/topic/room.cut"));
			publish(publisher, 10);
			stopEngine();
			try {
				await().atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(this.one.getBean(Broker.class).isConnected()).isFalse());
				publish(publisher, 10);
			}
			finally {
				restartEngine();
			}
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(clients)
					.allSatisfy((client) -> assertThat(client.seqs()).isEqualTo(upTo(20))));
			// What a node cannot announce yet is found by a comparison, minutes later
			// here.
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(List.of(this.one, this.two))
					.allMatch((node) -> node.getBean(Broker.class).isConnected()));
			publish(publisher, 10);
			await().untilAsserted(
					() -> assertThat(clients).allSatisfy((client) -> assertThat(client.seqs()).isEqualTo(upTo(30))));
		}
	}

	private static void publish(RealtimePublisher publisher, int count) {
		for (int i = 0; i < count; i++) {
			publisher.publishAndWait(Publication.of(Topic.of("room.cut"), Content.text("m" + i)));
		}
	}

	private static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

}
