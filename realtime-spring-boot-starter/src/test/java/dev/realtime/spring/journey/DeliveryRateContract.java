package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Topics with a rate, as clients see them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeliveryRateContract {

	private final ConfigurableApplicationContext node;

	DeliveryRateContract(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("realtime.topics.talk.pattern=talk.*", "realtime.topics.talk.rate.messages-per-second=10",
						"realtime.topics.talk.rate.policy=sample", "realtime.topics.talk.client-publish=true",
						"realtime.topics.price.pattern=price.*", "realtime.topics.price.rate.messages-per-second=20",
						"realtime.topics.price.rate.policy=latest", "realtime.publish.client-headers=key"));
		all.addAll(List.of(properties));
		this.node = ChatNode.startAlone(all.toArray(String[]::new));
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aSampleIsTheSameForAllAndEveryNumberIsAccountedFor() {
		try (StompTestClient ann = client("ann"); StompTestClient bob = client("bob")) {
			ann.subscribe("sub-0", "/topic/talk.even");
			bob.subscribe("sub-0", "/topic/talk.even");
			publish("/topic/talk.even", 200, Map.of());
			ann.await("the last one", (frame) -> frame.isMessage() && frame.seq() == 200);
			bob.await("the last one", (frame) -> frame.isMessage() && frame.seq() == 200);
			assertThat(accountedFor(ann, "sampled")).isEqualTo(range(1, 200));
			assertThat(bob.seqs()).isEqualTo(ann.seqs());
			assertThat(ann.seqs()).hasSizeLessThan(50);
		}
	}

	@Test
	void importantMessagesOfTheApplicationAllArrive() {
		try (StompTestClient ann = client("ann")) {
			ann.subscribe("sub-0", "/topic/talk.news");
			for (int i = 0; i < 20; i++) {
				publish("/topic/talk.news", 9, Map.of());
				publish("/topic/talk.news", 1, Map.of("important", "true"));
			}
			ann.await("the last one", (frame) -> frame.isMessage() && frame.seq() == 200);
			assertThat(ann.seqs())
				.contains(LongStream.rangeClosed(1, 20).map((i) -> i * 10).boxed().toArray(Long[]::new));
			assertThat(accountedFor(ann, "sampled")).isEqualTo(range(1, 200));
			assertThat(ann.messages()).filteredOn((frame) -> frame.seq() % 10 == 0)
				.allMatch((frame) -> "true".equals(frame.headers().get("important")));
		}
	}

	@Test
	void aClientCannotMakeItsMessagesImportant() {
		try (StompTestClient ann = client("ann"); StompTestClient eve = client("eve")) {
			ann.subscribe("sub-0", "/topic/talk.flood");
			for (int i = 1; i <= 100; i++) {
				eve.send("SEND", Map.of("destination", "/topic/talk.flood", (i % 2 == 0) ? "important" : "Important",
						"true", "receipt", "r" + i), "mine");
			}
			ann.await("the last one", (frame) -> frame.isMessage() && frame.seq() == 100);
			assertThat(ann.seqs()).hasSizeLessThan(60);
			assertThat(accountedFor(ann, "sampled")).isEqualTo(range(1, 100));
			assertThat(ann.messages()).noneMatch((
					frame) -> frame.headers().keySet().stream().anyMatch((name) -> name.equalsIgnoreCase("important")));
		}
	}

	@Test
	void ofEachKeyTheNewestArrives() {
		try (StompTestClient ann = client("ann")) {
			ann.subscribe("sub-0", "/topic/price.all");
			for (int i = 0; i < 100; i++) {
				publish("/topic/price.all", 1, Map.of("key", "ACME"));
				publish("/topic/price.all", 1, Map.of("key", "EMCA"));
			}
			await().untilAsserted(() -> assertThat(ann.seqs()).contains(199L, 200L));
			assertThat(accountedFor(ann, "conflated")).isEqualTo(range(1, 200));
			assertThat(ann.seqs()).hasSizeLessThan(100);
		}
	}

	@Test
	void rule4_aClientThatComesBackGetsEveryMessage() {
		try (StompTestClient ann = client("ann"); StompTestClient back = client("bob")) {
			String epoch = ann.subscribe("sub-0", "/topic/talk.back").header("epoch");
			publish("/topic/talk.back", 50, Map.of());
			StompFrame receipt = back.subscribe("sub-0", "/topic/talk.back", Map.of("epoch", epoch, "last-seq", "5"));
			assertThat(receipt.header("recovered")).isEqualTo("true");
			await().untilAsserted(() -> assertThat(back.seqs()).isEqualTo(range(6, 50)));
			ann.await("the last one", (frame) -> frame.isMessage() && frame.seq() == 50);
			publish("/topic/talk.back", 1, Map.of());
			await().untilAsserted(() -> assertThat(back.seqs()).isEqualTo(range(6, 51)));
			assertThat(back.frames()).noneMatch((frame) -> frame.isEvent("gap"));
		}
	}

	private StompTestClient client(String user) {
		return StompTestClient.connect(ChatNode.port(this.node), user);
	}

	private void publish(String destination, int count, Map<String, Object> headers) {
		for (int i = 0; i < count; i++) {
			this.node.getBean("brokerMessagingTemplate", SimpMessagingTemplate.class)
				.convertAndSend(destination, "text", headers);
		}
	}

	/** Numbers that arrived or were announced with this reason, in their order. */
	private static List<Long> accountedFor(StompTestClient client, String reason) {
		List<Long> all = new ArrayList<>();
		for (StompFrame frame : client.frames()) {
			if (frame.isEvent("gap")) {
				assertThat(frame.header("reason")).isEqualTo(reason);
				all.addAll(range(Long.parseLong(frame.header("from")), Long.parseLong(frame.header("to"))));
			}
			else if (frame.isMessage()) {
				all.add(frame.seq());
			}
		}
		return all;
	}

	private static List<Long> range(long from, long to) {
		return LongStream.rangeClosed(from, to).boxed().toList();
	}

}
