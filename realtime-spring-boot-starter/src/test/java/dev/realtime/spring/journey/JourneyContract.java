package dev.realtime.spring.journey;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** One message, from a publisher to every subscriber, on two nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JourneyContract {

	private final FleetServers servers;

	final ConfigurableApplicationContext one;

	final ConfigurableApplicationContext two;

	JourneyContract(FleetServers servers, String... properties) {
		this.servers = servers;
		this.one = ChatNode.start(1, servers.with(properties));
		this.two = ChatNode.start(1, servers.with(properties));
	}

	@BeforeAll
	void started() {
		assertThat(ChatNode.port(this.one)).isNotEqualTo(ChatNode.port(this.two));
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.servers.close();
	}

	@Test
	void aMessagePublishedOnOneNodeReachesSubscribersOnBothNumbered() {
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			here.subscribe("sub-0", "/topic/room.journey");
			there.subscribe("sub-0", "/topic/room.journey");
			Object hello = Map.of("text", "hello");
			this.one.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/room.journey", hello);
			for (StompTestClient client : List.of(here, there)) {
				StompFrame message = client.await("the message", StompFrame::isMessage);
				assertThat(message.body()).isEqualTo("{\"text\":\"hello\"}");
				assertThat(message.header("destination")).isEqualTo("/topic/room.journey");
				assertThat(message.header("content-type")).startsWith("application/json");
				assertThat(message.header("message-id")).isEqualTo(message.header("epoch") + "-1");
				assertThat(message.seq()).isEqualTo(1);
			}
		}
	}

	@Test
	void aClientThatWasCutOffReturnsToTheOtherNodeAndMissesNothing() {
		String destination = "/topic/room.return";
		StompTestClient client = StompTestClient.connect(ChatNode.port(this.one), "ann");
		StompFrame receipt = client.subscribe("sub-0", destination);
		client.cut();
		RealtimePublisher publisher = this.two.getBean(RealtimePublisher.class);
		for (int i = 0; i < 1_000; i++) {
			publisher.publishAndWait(Publication.of(Topic.of("room.return"), Content.text("m" + i)));
		}
		try (StompTestClient back = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			StompFrame outcome = back.subscribe("sub-0", destination,
					Map.of("epoch", receipt.header("epoch"), "last-seq", receipt.header("seq")));
			assertThat(outcome.headers()).containsEntry("recovered", "true").containsEntry("replayed", "1000");
			await().untilAsserted(
					() -> assertThat(back.seqs()).isEqualTo(LongStream.rangeClosed(1, 1_000).boxed().toList()));
		}
	}

}
