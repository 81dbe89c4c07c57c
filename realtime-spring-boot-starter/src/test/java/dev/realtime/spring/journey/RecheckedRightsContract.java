package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.spring.sessions.SessionQuery;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rights that are lost while subscriptions are open, on two nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RecheckedRightsContract {

	/** What the documents promise. */
	private static final Duration SOON = Duration.ofSeconds(1);

	private final RedisServer redis = RedisServer.startProcess();

	private final String[] properties;

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	RecheckedRightsContract(String... properties) {
		this.properties = properties;
		this.one = RightsNode.start(this.redis.port(), properties);
		this.two = RightsNode.start(this.redis.port(), properties);
	}

	@BeforeEach
	void reset() {
		RightsNode.reset();
	}

	@AfterAll
	void stop() {
		RightsNode.reset();
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void rule10_whatAUserMayNotReadAnyMoreEndsOnAllNodesAndTransports() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob");
				EventStream stream = EventStream.open(ChatNode.port(this.two), "topic=room.1&topic=news&login=ann")) {
			CompletableFuture<HttpResponse<String>> poll = poll("room.1", "ann");
			ann.subscribe("sub-0", "/topic/room.1");
			ann.subscribe("sub-1", "/topic/news");
			ann.subscribe("sub-2", "/topic/_presence.room.1");
			ann.subscribe("own", "/user/queue/notices");
			bob.subscribe("sub-0", "/topic/room.1");
			bob.subscribe("sub-1", "/topic/_presence.room.1");
			RightsNode.DENIED.add("ann room.1");
			result(sessions(this.one).recheckUser("ann"));
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(denied(ann)).allSatisfy((frame) -> {
					assertThat(frame.header("reason")).isEqualTo("revoked");
					assertThat(frame.header("message")).isEqualTo("You may not read topic \""
							+ frame.header("refused-destination").substring("/topic/".length()) + '"');
				}).extracting((frame) -> frame.header("subscription-id")).containsExactlyInAnyOrder("sub-0", "sub-2");
				assertThat(stream.events("denied")).singleElement()
					.satisfies((denied) -> assertThat(denied.json()).containsEntry("topic", "room.1")
						.containsEntry("reason", "revoked"));
				assertThat(poll).isDone();
			});
			assertThat(Polls.events(poll.join())).anySatisfy(
					(event) -> assertThat(event).containsEntry("event", "denied").containsEntry("reason", "revoked"));
			bob.await("the leave", (frame) -> frame.body().contains("\"leave\"") || "leave".equals(frame.get("type")));
			publish("room.1", "not for ann");
			this.one.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/news", "for ann");
			this.one.getBean(SimpMessagingTemplate.class).convertAndSendToUser("ann", "/queue/notices", "own");
			ann.await("the news", (frame) -> frame.body().equals("for ann"));
			ann.await("a notice", (frame) -> frame.body().equals("own"));
			bob.await("the message", (frame) -> frame.body().equals("not for ann"));
			assertThat(ann.messages()).extracting(StompFrame::body).doesNotContain("not for ann");
			assertThat(denied(bob)).isEmpty();
			ann.send("SUBSCRIBE", Map.of("id", "sub-0", "destination", "/topic/room.1"), "");
			ann.await("the refusal", (frame) -> "no-access".equals(frame.get("reason")));
			RightsNode.DENIED.clear();
			ann.subscribe("sub-0", "/topic/room.1");
		}
	}

	@Test
	void rule10_aWildcardGoesOnWithoutTheTopicsThatMayNotBeReadAnyMore() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			ann.subscribe("wild", "/topic/price.*");
			publish("price.a", "a1");
			publish("price.b", "b1");
			await().untilAsserted(() -> assertThat(ann.messages()).hasSize(2));
			RightsNode.DENIED.add("ann price.a");
			result(sessions(this.one).recheckTopics("price.*"));
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(denied(ann)).singleElement()
					.satisfies((frame) -> assertThat(frame.header("reason")).isEqualTo("revoked"))
					.satisfies((frame) -> assertThat(frame.header("subscription-id")).isEqualTo("wild"))
					.satisfies((frame) -> assertThat(frame.header("refused-destination")).isEqualTo("/topic/price.a")));
			publish("price.a", "a2");
			publish("price.b", "b2");
			ann.await("what is still readable", (frame) -> frame.body().equals("b2"));
			assertThat(ann.messages()).extracting(StompFrame::body).containsExactlyInAnyOrder("a1", "b1", "b2");
		}
	}

	@Test
	void aClientWithoutControlEventsIsClosed() {
		try (StompTestClient plain = StompTestClient.connectPlain(ChatNode.port(this.two), "ann")) {
			plain.subscribe("sub-0", "/topic/room.1");
			RightsNode.DENIED.add("ann room.1");
			result(sessions(this.one).recheckAll());
			await().atMost(SOON).until(() -> Integer.valueOf(1008).equals(plain.closeCode));
			assertThat(plain.closeReason).isEqualTo("revoked");
		}
	}

	@Test
	void onlyWhatWasAskedForIsDecidedAgain() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			ann.subscribe("sub-0", "/topic/room.1");
			ann.subscribe("sub-1", "/topic/news");
			bob.subscribe("sub-0", "/topic/news");
			bob.subscribe("sub-1", "/topic/_presence.room.1");
			RightsNode.DENIED.addAll(List.of("ann room.1", "ann news", "bob news", "bob room.1"));
			result(sessions(this.one).recheckTopics("room.*"));
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(denied(ann)).hasSize(1);
				assertThat(denied(bob)).extracting((frame) -> frame.header("subscription-id")).containsExactly("sub-1");
			});
			result(sessions(this.one).recheckUser("bob"));
			await().atMost(SOON).untilAsserted(() -> assertThat(denied(bob)).hasSize(2));
			assertThat(denied(ann)).hasSize(1);
		}
	}

	@Test
	void rule9_aDecisionThatFailsOrNeverComesKeepsTheSubscriptionAndDelaysNoOther() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient kim = StompTestClient.connect(ChatNode.port(this.two), "kim")) {
			ann.subscribe("sub-0", "/topic/room.1");
			ann.subscribe("sub-1", "/topic/room.2");
			kim.subscribe("sub-0", "/topic/room.3");
			RightsNode.FAILING.add("ann room.1");
			RightsNode.HANGING.add("kim room.3");
			result(sessions(this.one).recheckAll());
			await().until(() -> RightsNode.HUNG.contains("kim room.3"));
			for (int i = 0; i < 10; i++) {
				result(sessions(this.one).recheckAll());
			}
			RightsNode.DENIED.add("ann room.2");
			result(sessions(this.one).recheckAll());
			await().atMost(SOON).untilAsserted(() -> assertThat(denied(ann)).hasSize(1));
			publish("room.1", "still there");
			publish("room.3", "still here");
			ann.await("a message", (frame) -> frame.body().equals("still there"));
			kim.await("a message", (frame) -> frame.body().equals("still here"));
			assertThat(denied(ann)).hasSize(1);
			assertThat(denied(kim)).isEmpty();
			assertThat(kim.closeCode).isNull();
		}
	}

	@Test
	void rule10_rightsAreDecidedAgainWithoutBeingAsked() {
		try (ConfigurableApplicationContext alone = RightsNode.start(1,
				concat("realtime.broker=memory", "realtime.security.recheck=1s"));
				StompTestClient ann = StompTestClient.connect(ChatNode.port(alone), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(alone), "bob")) {
			ann.subscribe("sub-0", "/topic/room.1");
			bob.subscribe("sub-0", "/topic/room.1");
			RightsNode.DENIED.add("ann room.1");
			await().untilAsserted(() -> assertThat(denied(ann)).hasSize(1));
			assertThat(denied(bob)).isEmpty();
		}
	}

	private String[] concat(String... more) {
		return Stream.of(this.properties, more).flatMap(Arrays::stream).toArray(String[]::new);
	}

	private static List<StompFrame> denied(StompTestClient client) {
		return client.frames().stream().filter((frame) -> frame.isEvent("denied")).toList();
	}

	/** A poll that is parked. */
	private CompletableFuture<HttpResponse<String>> poll(String topic, String user) {
		int port = ChatNode.port(this.two);
		String query = "topic=" + topic + "&login=" + user;
		String position = Polls.position(Polls.poll(port, query));
		CompletableFuture<HttpResponse<String>> poll = CompletableFuture
			.supplyAsync(() -> Polls.poll(port, query + "&position=" + position));
		await().untilAsserted(() -> assertThat(
				result(sessions(this.one).find(SessionQuery.all().withUser(user).withTopic(topic))).sessions())
			.as("%s", poll)
			.hasSize(2));
		return poll;
	}

	private static RealtimeSessions sessions(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeSessions.class);
	}

	private void publish(String topic, String text) {
		this.one.getBean(RealtimePublisher.class).publishAndWait(Publication.of(Topic.of(topic), Content.text(text)));
	}

	private static <T> T result(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
