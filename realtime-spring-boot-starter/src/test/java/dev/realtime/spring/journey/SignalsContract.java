package dev.realtime.spring.journey;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Who learns that somebody types, on two nodes with a real Redis between them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SignalsContract {

	private static final String TYPING = "{\"typing\":true}";

	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	SignalsContract(String... properties) {
		List<String> all = new java.util.ArrayList<>(List.of("realtime.typing.max-members=4"));
		all.addAll(List.of(properties));
		this.one = ChatNode.start(this.redis.port(), all.toArray(String[]::new));
		this.two = ChatNode.start(this.redis.port(), all.toArray(String[]::new));
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@RepeatedTest(5)
	void whoTypesIsToldToAllOthersOnBothNodesAndToNobodyElse() {
		String room = "room.typing" + System.nanoTime();
		try (StompTestClient ann = here("ann");
				StompTestClient annsPhone = there("ann");
				StompTestClient bob = there("bob");
				StompTestClient elsewhere = there("eve")) {
			subscribe(room, ann, annsPhone, bob);
			elsewhere.subscribe("sub-0", "/topic/room.other");
			type(ann, room, "true");
			for (StompTestClient other : List.of(annsPhone, bob)) {
				StompFrame signal = other.await("the signal", (frame) -> frame.isEvent("signal"));
				assertThat(signal.header("subscription")).isEqualTo("realtime");
				assertThat(signal.header("subscription-id")).isEqualTo("sub-0");
				assertThat(signal.header("topic")).isEqualTo(room);
				assertThat(signal.header("type")).isEqualTo("typing");
				assertThat(signal.header("user")).isEqualTo("ann");
				assertThat(signal.body()).isEqualTo(TYPING);
			}
			type(ann, room, "false");
			bob.await("the end", (frame) -> frame.isEvent("signal") && frame.body().equals("{\"typing\":false}"));
			// Bob's is later than both of Ann's, so hers would be here by now.
			type(bob, room, "true");
			ann.await("bob's", (frame) -> frame.isEvent("signal"));
			assertThat(signals(ann)).extracting((frame) -> frame.header("user")).containsExactly("bob");
			assertThat(signals(elsewhere)).isEmpty();
		}
	}

	@Test
	void aClientThatDidNotAskForControlEventsGetsMessagesOnly() {
		try (StompTestClient plain = StompTestClient.connectPlain(ChatNode.port(this.two), "bob");
				StompTestClient ann = here("ann");
				StompTestClient eve = there("eve")) {
			subscribe("room.plain", plain, ann, eve);
			type(ann, "room.plain", "true");
			eve.await("the signal", (frame) -> frame.isEvent("signal"));
			publish("room.plain", "m");
			plain.await("the message", StompFrame::isMessage);
			assertThat(signals(plain)).isEmpty();
			assertThat(plain.closeCode).isNull();
		}
	}

	@Test
	void signalsHaveNoNumberAndNoPlaceInTheLog() {
		try (StompTestClient ann = here("ann"); StompTestClient bob = there("bob")) {
			subscribe("room.unnumbered", ann, bob);
			for (int i = 1; i <= 10; i++) {
				this.one.getBean(RealtimeSignals.class).send("room.unnumbered", "tick", i);
				publish("room.unnumbered", "m" + i);
			}
			await()
				.untilAsserted(() -> assertThat(bob.seqs()).isEqualTo(LongStream.rangeClosed(1, 10).boxed().toList()));
			await().untilAsserted(() -> assertThat(signals(bob)).extracting(StompFrame::body)
				.containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"));
			assertThat(Http.get(ChatNode.webPort(this.one), "/realtime/topics/room.unnumbered/messages").body())
				.contains("\"latest\":10")
				.doesNotContain("tick");
		}
	}

	@Test
	void somebodyWhoTypesFastIsToldOnceASecond() {
		try (StompTestClient ann = here("ann"); StompTestClient bob = there("bob")) {
			subscribe("room.fast", ann, bob);
			for (int i = 0; i < 50; i++) {
				type(ann, "room.fast", "true");
			}
			type(ann, "room.fast", "false");
			bob.await("the end", (frame) -> frame.isEvent("signal") && frame.body().contains("false"));
			assertThat(signals(bob)).hasSizeBetween(2, 4);
		}
	}

	@Test
	void nobodyIsToldWhereMoreThanSoManyArePresent() {
		try (StompTestClient ann = here("ann");
				StompTestClient bob = there("bob");
				StompTestClient cid = there("cid");
				StompTestClient dan = there("dan");
				StompTestClient eve = there("eve")) {
			subscribe("room.crowd", ann, bob, cid, dan);
			present("room.crowd", 4);
			type(ann, "room.crowd", "true");
			bob.await("four are few enough", (frame) -> frame.isEvent("signal"));
			subscribe("room.crowd", eve);
			present("room.crowd", 5);
			type(cid, "room.crowd", "true");
			cid.subscribe("sub-1", "/topic/room.barrier");
			this.two.getBean(RealtimeSignals.class).send("room.crowd", "later", null);
			bob.await("the next signal", (frame) -> "later".equals(frame.get("type")));
			assertThat(signals(bob)).extracting((frame) -> frame.header("type")).containsExactly("typing", "later");
		}
	}

	@Test
	void whoMayReadMayTypeWithoutASubscription() {
		try (StompTestClient ann = here("ann"); StompTestClient bob = there("bob")) {
			subscribe("room.visited", bob);
			ann.send("SEND", Map.of("destination", "/realtime/typing", "topic", "room.visited", "typing", "true",
					"receipt", "t-1"), "");
			ann.await("the receipt", (frame) -> "t-1".equals(frame.get("receipt-id")));
			bob.await("the signal", (frame) -> frame.isEvent("signal"));
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "-, true, bad-typing", "room.1, -, bad-typing", "room.1, maybe, bad-typing",
			"room\\n1, true, bad-typing", "_presence.room.1, true, no-access", "_user.bob.queue.x, true, no-access" })
	void whatIsRefusedIsToldAndTheConnectionStays(String topic, String typing, String reason) {
		try (StompTestClient ann = here("ann")) {
			Map<String, String> headers = new java.util.LinkedHashMap<>(
					Map.of("destination", "/realtime/typing", "receipt", "t-1"));
			if (topic != null) {
				headers.put("topic", topic);
			}
			if (typing != null) {
				headers.put("typing", typing);
			}
			ann.send("SEND", headers, "");
			StompFrame denied = ann.await("the refusal", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("reason")).isEqualTo(reason);
			assertThat(denied.header("receipt-id")).isEqualTo("t-1");
			ann.subscribe("sub-0", "/topic/room.still");
		}
	}

	@Test
	void whoIsNobodyCannotType() {
		try (StompTestClient nobody = StompTestClient.open(ChatNode.port(this.one))) {
			nobody.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
			nobody.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			type(nobody, "room.1", "true");
			assertThat(nobody.await("the refusal", (frame) -> frame.isEvent("denied")).header("reason"))
				.isEqualTo("no-user");
		}
	}

	@Test
	void theApplicationTellsWhateverIsJson() {
		RealtimeSignals signals = this.one.getBean(RealtimeSignals.class);
		try (StompTestClient bob = there("bob")) {
			subscribe("room.app", bob);
			signals.send("room.app", "cursor", "ann", Map.of("at", 7));
			signals.send("room.app", "word", "quoted \"word\"");
			signals.send("room.app", "bare", null);
			await().untilAsserted(() -> assertThat(signals(bob)).hasSize(3));
			assertThat(signals(bob)).extracting(StompFrame::body)
				.containsExactly("{\"at\":7}", "\"quoted \\\"word\\\"\"", "");
			assertThat(signals(bob).get(0).header("user")).isEqualTo("ann");
			assertThat(signals(bob).get(1).get("user")).isNull();
		}
		assertThatThrownBy(() -> signals.send("room.app", "large", "x".repeat(5_000)))
			.isInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("realtime.signals.max-payload");
		assertThatThrownBy(() -> signals.send("_presence.room.app", "join", null))
			.isInstanceOf(IllegalArgumentException.class);
	}

	private StompTestClient here(String user) {
		return StompTestClient.connect(ChatNode.port(this.one), user);
	}

	private StompTestClient there(String user) {
		return StompTestClient.connect(ChatNode.port(this.two), user);
	}

	private void present(String room, int count) {
		await().untilAsserted(
				() -> assertThat(Http.get(ChatNode.webPort(this.one), "/realtime/topics/" + room + "/presence").body())
					.contains("\"count\":" + count));
	}

	private void publish(String room, String text) {
		this.one.getBean(RealtimePublisher.class).publishAndWait(Publication.of(Topic.of(room), Content.text(text)));
	}

	private static void subscribe(String room, StompTestClient... clients) {
		for (StompTestClient client : clients) {
			client.subscribe("sub-0", "/topic/" + room);
		}
	}

	private static void type(StompTestClient client, String room, String typing) {
		client.send("SEND", Map.of("destination", "/realtime/typing", "topic", room, "typing", typing), "");
	}

	private static List<StompFrame> signals(StompTestClient client) {
		return client.frames().stream().filter((frame) -> frame.isEvent("signal")).toList();
	}

}
