package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.sessions.FoundSessions;
import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.spring.sessions.SessionInfo;
import dev.realtime.spring.sessions.SessionQuery;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Users are stopped on two nodes, whatever they are connected by. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoppedUsersContract {

	/** What the documents promise. */
	private static final Duration SOON = Duration.ofSeconds(1);

	private final RedisServer redis = RedisServer.startProcess();

	private final String[] properties;

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	StoppedUsersContract(String... properties) {
		this.properties = properties;
		this.one = ChatNode.start(this.redis.port(), properties);
		this.two = ChatNode.start(this.redis.port(), properties);
	}

	@AfterEach
	void letEverybodyIn() {
		for (String user : List.of("ann", "bob")) {
			result(sessions(this.one).disconnectUser(user, "end of the test"));
		}
		for (ConfigurableApplicationContext node : List.of(this.one, this.two)) {
			await().until(() -> node.getBean(RealtimeNode.class).hub().stats().connections() == 0);
			sessions(node).blockedUsers().forEach((user) -> result(sessions(node).unblock(user)));
		}
		await().untilAsserted(() -> {
			assertThat(sessions(this.one).blockedUsers()).isEmpty();
			assertThat(sessions(this.two).blockedUsers()).isEmpty();
		});
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void rule10_aBlockIsInForceOnEveryNodeAndTransportWithinASecond() {
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "ann");
				EventStream stream = EventStream.open(ChatNode.port(this.two), "topic=room.1&login=ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			CompletableFuture<HttpResponse<String>> poll = poll(this.two, "ann");
			result(sessions(this.one).block("ann", Duration.ofMinutes(1)));
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(here.closeCode).isEqualTo(1008);
				assertThat(there.closeCode).isEqualTo(1008);
				assertThat(stream.events("closed")).singleElement()
					.satisfies((closed) -> assertThat(closed.json()).containsEntry("code", 1008)
						.containsEntry("reason", "blocked"));
				assertThat(poll).isDone();
			});
			assertThat(there.closeReason).isEqualTo("blocked");
			assertThat(poll.join().statusCode()).isEqualTo(403);
			assertThat(Polls.json(poll.join())).containsEntry("reason", "blocked");
			assertThat(bob.closeCode).isNull();
			assertRefused(this.one);
			assertRefused(this.two);
			assertThat(sessions(this.two).blockedUsers()).containsExactly("ann");
			assertThat(result(sessions(this.two).unblock("ann"))).isTrue();
			assertThat(result(sessions(this.two).unblock("ann"))).isFalse();
			await().atMost(SOON).ignoreExceptions().until(() -> {
				StompTestClient.connect(ChatNode.port(this.one), "ann").close();
				return true;
			});
			StompTestClient.connect(ChatNode.port(this.two), "ann").close();
		}
	}

	@Test
	void rule10_aNodeThatStartsLaterKnowsTheBlockFromItsFirstConnectionOn() {
		result(sessions(this.one).block("ann", Duration.ofMinutes(1)));
		try (ConfigurableApplicationContext three = ChatNode.start(this.redis.port(), this.properties)) {
			assertRefused(three);
		}
	}

	@Test
	void aBlockEndsByItself() {
		result(sessions(this.one).block("ann", Duration.ofSeconds(1)));
		assertRefused(this.one);
		await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> {
			try (StompTestClient ann = StompTestClient.open(ChatNode.port(this.one))) {
				connect(ann, "ann");
				await().until(() -> !ann.frames().isEmpty());
				return ann.frames().get(0).command().equals("CONNECTED");
			}
		});
	}

	@Test
	void rule10_framesThatCameAlongWithARefusedConnectAreNotHandled() {
		result(sessions(this.one).block("ann", Duration.ofMinutes(1)));
		try (StompTestClient bob = StompTestClient.connect(ChatNode.port(this.one), "bob");
				StompTestClient ann = StompTestClient.open(ChatNode.port(this.one))) {
			bob.subscribe("sub-0", "/topic/room.1");
			ann.raw("CONNECT\naccept-version:1.2\nhost:localhost\nlogin:ann\n\n\0"
					+ "SEND\ndestination:/topic/room.1\n\nfrom ann\0");
			await().until(() -> ann.closeCode != null);
			publish(this.one, "from the service");
			bob.await("the service's message", StompFrame::isMessage);
			assertThat(bob.messages()).extracting(StompFrame::body).containsExactly("from the service");
		}
	}

	@Test
	void rule10_noConnectionSlipsThroughWhileABlockIsMade() {
		List<StompTestClient> clients = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			clients.add(StompTestClient.open(ChatNode.port((i % 2 == 0) ? this.one : this.two)));
		}
		CompletionStage<Void> blocked = CompletableFuture.completedStage(null);
		for (int i = 0; i < clients.size(); i++) {
			if (i == clients.size() / 2) {
				blocked = sessions(this.one).block("ann", Duration.ofMinutes(1));
			}
			connect(clients.get(i), "ann");
		}
		result(blocked);
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(clients).allSatisfy((each) -> assertThat(each.closeCode).isEqualTo(1008)));
	}

	@Test
	void aDisconnectedUserIsToldNotToReconnectAndMayComeBackAllTheSame() {
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "ann");
				EventStream stream = EventStream.open(ChatNode.port(this.two), "topic=room.1&login=ann")) {
			CompletableFuture<HttpResponse<String>> poll = poll(this.two, "ann");
			result(sessions(this.one).disconnectUser("ann", "moved elsewhere"));
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(here.closeCode).isEqualTo(4501);
				assertThat(there.closeCode).isEqualTo(4501);
				assertThat(stream.events("closed")).singleElement()
					.satisfies((closed) -> assertThat(closed.json()).containsEntry("code", 4501));
				assertThat(poll).isDone();
			});
			assertThat(poll.join().statusCode()).isEqualTo(403);
			assertThat(there.closeReason).isEqualTo("moved elsewhere");
			try (StompTestClient again = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
				again.subscribe("sub-0", "/topic/room.1");
				await().during(Duration.ofMillis(500)).until(() -> again.closeCode == null);
			}
		}
	}

	@Test
	void oneSessionIsFoundAndDisconnectedAndTheOthersStay() {
		try (StompTestClient first = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient second = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			first.subscribe("sub-0", "/topic/room.1");
			FoundSessions found = find(SessionQuery.all().withUser("ann").withTopic("room.*"));
			assertThat(found.nodes()).hasSize(2);
			SessionInfo session = found.sessions().get(0);
			assertThat(found.sessions()).hasSize(1);
			assertThat(session.user()).isEqualTo("ann");
			assertThat(session.address()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
			result(sessions(this.one).disconnectSession(session.id(), "no reason"));
			await().atMost(SOON).until(() -> Integer.valueOf(4501).equals(first.closeCode));
			assertThat(second.closeCode).isNull();
		}
	}

	@Test
	void rule8_sessionsAreFoundByUserNodeAddressAndTopicAndNoMoreThanAskedFor() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob");
				StompTestClient other = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			bob.subscribe("sub-0", "/topic/room.*");
			assertThat(ann.closeCode).isNull();
			assertThat(other.closeCode).isNull();
			FoundSessions all = find(SessionQuery.all());
			assertThat(all.sessions()).extracting(SessionInfo::user).containsExactlyInAnyOrder("ann", "bob", "bob");
			assertThat(all.more()).isFalse();
			SessionInfo here = find(SessionQuery.all().withUser("ann")).sessions().get(0);
			assertThat(find(SessionQuery.all().withNode(here.node())).sessions()).containsExactly(here);
			assertThat(find(SessionQuery.all().withAddress("192.0.2.1")).sessions()).isEmpty();
			assertThat(find(SessionQuery.all().withAddress(String.valueOf(here.address()))).sessions()).hasSize(3);
			assertThat(find(SessionQuery.all().withTopic("room.7")).sessions()).hasSize(1);
			FoundSessions limited = find(SessionQuery.all().withUser("bob").withLimit(1));
			assertThat(limited.sessions()).hasSize(1);
			assertThat(limited.more()).isTrue();
		}
	}

	@Test
	void aSubscriptionThatIsEndedSaysSoAndItsIdIsFreeAgain() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				EventStream stream = EventStream.open(ChatNode.port(this.two), "topic=room.1&topic=news&login=ann")) {
			ann.subscribe("sub-0", "/topic/room.1");
			ann.subscribe("sub-1", "/topic/news");
			ann.subscribe("sub-2", "/topic/_presence.room.1");
			result(sessions(this.one).unsubscribe("ann", "room.*"));
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(ann.frames()).filteredOn((frame) -> frame.isEvent("denied"))
					.hasSize(2)
					.allSatisfy((frame) -> assertThat(frame.header("reason")).isEqualTo("revoked"))
					.extracting((frame) -> frame.header("subscription-id"))
					.containsExactlyInAnyOrder("sub-0", "sub-2");
				assertThat(stream.events("denied")).singleElement()
					.satisfies((denied) -> assertThat(denied.json()).containsEntry("topic", "room.1")
						.containsEntry("reason", "revoked"));
			});
			publish(this.one, "not for ann");
			this.one.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/news", "for ann");
			ann.await("the news", StompFrame::isMessage);
			stream.await("message");
			// the join may have been published behind the start of the subscription of
			// joins
			assertThat(ann.messages()).filteredOn((frame) -> !frame.header("subscription").equals("sub-2")).hasSize(1);
			assertThat(stream.messages()).hasSize(1);
			ann.subscribe("sub-0", "/topic/room.1");
			publish(this.one, "for ann again");
			ann.await("a message on the new subscription", (frame) -> frame.body().equals("for ann again"));
		}
	}

	@Test
	void wildcardAndPersonalSubscriptionsEndToo() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient plain = StompTestClient.connectPlain(ChatNode.port(this.two), "ann")) {
			ann.subscribe("wild", "/topic/room.*");
			ann.subscribe("own", "/user/queue/notices");
			plain.subscribe("sub-0", "/topic/room.1");
			result(sessions(this.one).unsubscribe("ann", "_user.ann.**"));
			await().atMost(SOON)
				.until(() -> ann.frames().stream().anyMatch((frame) -> "own".equals(frame.get("subscription-id"))));
			result(sessions(this.one).unsubscribe("ann", "room.1"));
			await().atMost(SOON)
				.until(() -> ann.frames().stream().anyMatch((frame) -> "wild".equals(frame.get("subscription-id"))));
			await().atMost(SOON).until(() -> Integer.valueOf(1008).equals(plain.closeCode));
			this.one.getBean(SimpMessagingTemplate.class).convertAndSendToUser("ann", "/queue/notices", "silent");
			publish(this.one, "silent");
			await().during(Duration.ofMillis(500)).until(() -> ann.messages().isEmpty());
		}
	}

	private void assertRefused(ConfigurableApplicationContext node) {
		int port = ChatNode.port(node);
		try (StompTestClient ann = StompTestClient.open(port)) {
			connect(ann, "ann");
			await().until(() -> ann.closeCode != null);
			assertThat(ann.closeCode).isEqualTo(1008);
			assertThat(ann.closeReason).isEqualTo("blocked");
			assertThat(ann.frames()).singleElement()
				.satisfies((frame) -> assertThat(frame.command()).isEqualTo("ERROR"));
		}
		for (HttpResponse<String> answer : List.of(Polls.poll(port, "topic=room.1&login=ann"),
				Polls.ask(port, "GET", "/realtime/sse?topic=room.1&login=ann", ""),
				Polls.send(port, "destination=/topic/room.1&login=ann", "x"))) {
			assertThat(answer.statusCode()).isEqualTo(403);
			assertThat(Polls.json(answer)).containsEntry("reason", "blocked");
		}
	}

	private static void connect(StompTestClient client, String user) {
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", user, "realtime", "1"),
				"");
	}

	/** A poll that is parked. */
	private CompletableFuture<HttpResponse<String>> poll(ConfigurableApplicationContext node, String user) {
		String position = Polls.position(Polls.poll(ChatNode.port(node), "topic=quiet&login=" + user));
		CompletableFuture<HttpResponse<String>> poll = CompletableFuture
			.supplyAsync(() -> Polls.poll(ChatNode.port(node), "topic=quiet&login=" + user + "&position=" + position));
		await().untilAsserted(
				() -> assertThat(find(SessionQuery.all().withUser(user).withTopic("quiet")).sessions()).as("%s", poll)
					.isNotEmpty());
		return poll;
	}

	private FoundSessions find(SessionQuery query) {
		return result(sessions(this.one).find(query));
	}

	private static RealtimeSessions sessions(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeSessions.class);
	}

	private static void publish(ConfigurableApplicationContext node, String text) {
		node.getBean(RealtimePublisher.class).publishAndWait(Publication.of(Topic.of("room.1"), Content.text(text)));
	}

	private static <T> T result(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
