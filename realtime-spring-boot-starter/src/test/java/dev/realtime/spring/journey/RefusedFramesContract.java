package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.user.SimpSession;
import org.springframework.messaging.simp.user.SimpSubscription;
import org.springframework.messaging.simp.user.SimpUserRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What is refused is refused at once, and leaves no trace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RefusedFramesContract {

	private static final String[] KNOWN = { "/app/", "/queue/", "/topic/", "/user/" };

	private final ConfigurableApplicationContext node;

	private final int port;

	RefusedFramesContract(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("realtime.limits.subscriptions-per-connection=20", "realtime.publish.client-headers=x-color"));
		all.addAll(List.of(properties));
		this.node = StreamNode.startAlone(all.toArray(String[]::new));
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/app/no.such", "/topics/room.42", "/nowhere/x", "/realtime/nowhere" })
	void aFrameThatNothingHandlesIsDeniedWithWhatThereIs(String destination) {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SEND", Map.of("destination", destination, "receipt", "r1"), "hello");
			assertUnknown(client.await("denied SEND", (frame) -> "r1".equals(frame.get("receipt-id"))), destination);
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", destination, "receipt", "r2"), "");
			StompFrame denied = client.await("denied SUBSCRIBE", (frame) -> "r2".equals(frame.get("receipt-id")));
			assertUnknown(denied, destination);
			assertThat(denied.get("subscription-id")).isEqualTo("s1");
			client.subscribe("s1", "/topic/room.fine");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/user/nowhere/x", "/user/topics/x", "/user/x" })
	void aPersonalDestinationThatNothingHandlesIsDenied(String destination) {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", destination, "receipt", "r2"), "");
			assertUnknown(client.await("denied", (frame) -> "r2".equals(frame.get("receipt-id"))), destination);
		}
	}

	@Test
	void aMethodTakesFramesOfItsOwnKindOnly() {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SEND", Map.of("destination", "/app/ready", "receipt", "r1"), "");
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", "/app/say", "receipt", "r2"), "");
			client.send("SEND", Map.of("destination", "/app/say", "receipt", "r3"), "hello");
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", "/app/ready", "receipt", "r4"), "");
			assertThat(receipt(client, "r1").get("reason")).isEqualTo("unknown-destination");
			assertThat(receipt(client, "r2").get("reason")).isEqualTo("unknown-destination");
			assertThat(receipt(client, "r3").command()).isEqualTo("RECEIPT");
			assertThat(receipt(client, "r4").command()).isEqualTo("RECEIPT");
		}
	}

	@Test
	void anOrdinaryClientGetsAnErrorAndIsClosedForGood() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "eve")) {
			client.send("SEND", Map.of("destination", "/app/no.such", "receipt", "r1"), "hello");
			assertThat(receipt(client, "r1").command()).isEqualTo("ERROR");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			assertThat(client.closeReason).isEqualTo("unknown-destination");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/app/no.such", "/topics/room.42", "/nowhere/x" })
	void overHttpWhatNothingHandlesIsDeniedToo(String destination) {
		HttpResponse<String> sent = Polls.send(this.port, "destination=" + destination, "hello", "Content-Type",
				"text/plain");
		assertThat(sent.statusCode()).isEqualTo(404);
		assertThat(Polls.json(sent)).containsEntry("reason", "unknown-destination");
		assertThat(String.valueOf(Polls.json(sent).get("detail"))).contains(destination).contains(KNOWN);

		HttpResponse<String> polled = Polls.poll(this.port, "destination=" + destination);
		assertThat(polled.body()).contains("\"denied\"", "unknown-destination", destination);
		try (EventStream stream = EventStream.open(this.port, "destination=" + destination)) {
			assertThat(stream.await("denied").get("reason")).isEqualTo("unknown-destination");
		}
	}

	@Test
	void theApplicationCannotSendToADestinationThatNothingHandles() {
		SimpMessagingTemplate template = this.node.getBean(SimpMessagingTemplate.class);
		for (String destination : List.of("/topics/room.42", "/nowhere/x", "/app/say")) {
			assertThatThrownBy(() -> template.convertAndSend(destination, "lost"))
				.isInstanceOf(MessagingException.class)
				.hasMessageContaining(destination)
				.hasMessageContaining("/topic/, /user/");
		}
		assertThatThrownBy(() -> template.convertAndSendToUser("ann", "/nowhere/x", "lost"))
			.isInstanceOf(MessagingException.class)
			.hasMessageContaining("/user/ann/nowhere/x");
		template.convertAndSendToUser("ann", "/queue/x", "kept");
		template.convertAndSend("/queue/x", "kept");
	}

	@Test
	void rule8_aConnectionWithoutAUserHasABoundedNumberOfSessionDestinations() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
			client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			for (int i = 0; i < 500; i++) {
				client.send("SUBSCRIBE", Map.of("id", "s" + i, "destination", "/user/queue/x", "receipt", "r" + i), "");
			}
			receipt(client, "r499");
			assertThat(client.frames().stream().filter((frame) -> frame.command().equals("RECEIPT"))).hasSize(20);
			assertThat(client.frames()
				.stream()
				.filter((frame) -> frame.isEvent("denied"))
				.map((frame) -> frame.header("reason"))).hasSize(480).containsOnly("too-many-subscriptions");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/user/queue/x", "/app/ready", "/topic/room.x", "/realtime/unread", "/topic/room.*",
			"/nowhere/x" })
	void rule8_theUserRegistryKnowsNothingOfWhatWasRefused(String destination) {
		try (StompTestClient client = StompTestClient.connect(this.port, "bob")) {
			client.subscribe("first", "/topic/room.first");
			for (int i = 0; i < 300; i++) {
				client.send("SUBSCRIBE", Map.of("id", "s" + i, "destination", destination, "receipt", "r" + i), "");
			}
			receipt(client, "r299");
			Set<String> confirmed = client.frames()
				.stream()
				.filter((frame) -> frame.command().equals("RECEIPT"))
				.map((frame) -> frame.header("receipt-id"))
				.map((receipt) -> receipt.equals("r-first") ? "first" : "s" + receipt.substring(1))
				.collect(Collectors.toSet());
			assertThat(registered("bob").keySet()).isEqualTo(confirmed).hasSizeLessThanOrEqualTo(20);
		}
	}

	@Test
	void anIdThatIsRefusedReplacesNoSubscriptionOfTheSession() {
		try (StompTestClient client = StompTestClient.connect(this.port, "cat")) {
			client.subscribe("a", "/user/queue/mine");
			for (String other : List.of("/user/queue/other", "/topic/room.other", "/app/ready", "/realtime/unread",
					"/nowhere/x")) {
				client.send("SUBSCRIBE", Map.of("id", "a", "destination", other, "receipt", other), "");
				assertThat(receipt(client, other).isEvent("denied")).isTrue();
			}
			assertThat(registered("cat")).containsExactly(Map.entry("a", "/user/queue/mine"));
			toSession("cat", "/queue/mine", "still here");
			assertThat(client.await("message", StompFrame::isMessage).get("subscription")).isEqualTo("a");
		}
	}

	@Test
	void anIdIsFreeAgainAfterItsUnsubscribeAndAfterARefusal() {
		try (StompTestClient client = StompTestClient.connect(this.port, "dan")) {
			for (int i = 0; i < 50; i++) {
				client.send("SUBSCRIBE", Map.of("id", "a", "destination", "/user/queue/mine", "receipt", "s" + i), "");
				client.send("UNSUBSCRIBE", Map.of("id", "a", "receipt", "u" + i), "");
				client.send("SUBSCRIBE", Map.of("id", "a", "destination", "/nowhere/x", "receipt", "n" + i), "");
			}
			assertThat(receipt(client, "n49").isEvent("denied")).isTrue();
			client.subscribe("a", "/topic/room.fine");
			assertThat(client.frames().stream().filter((frame) -> frame.isEvent("denied"))).hasSize(50);
			assertThat(registered("dan")).containsExactly(Map.entry("a", "/topic/room.fine"));
		}
	}

	@Test
	void theSenderOfAMessageIsWhoTheServerKnowsItIs() {
		try (StompTestClient eve = StompTestClient.connect(this.port, "eve")) {
			eve.subscribe("s1", "/topic/room.sender");
			eve.send("SEND", Map.of("destination", "/topic/room.sender", "sender", "admin", "Sender", "admin", "SEQ",
					"99", "Subscription", "x", "Message-Id", "x", "x-color", "red"), "forged");
			StompFrame message = eve.await("message", StompFrame::isMessage);
			assertThat(message.headers()).containsEntry("sender", "eve")
				.containsEntry("x-color", "red")
				.doesNotContainKeys("Sender", "SEQ", "Subscription", "Message-Id");
		}
	}

	@Test
	void rule10_subscribersGetOnlyTheHeadersThatClientsMaySetAndNoSpellingOfSenderIsOne() {
		try (StompTestClient eve = StompTestClient.connect(this.port, "eve");
				StompTestClient bob = StompTestClient.connect(this.port, "bob")) {
			bob.subscribe("s1", "/topic/room.headers");
			eve.raw("""
					SEND
					destination:/topic/room.headers
					type:say
					id:m1
					X-COLOR:red
					x-color:blue
					sender:a
					sender:b
					Sender:c
					SENDER:d
					 sender:e
					sender :f
					\tsender:g
					\u017fender:h
					s\u00adender:i
					x-csrf-token:secret
					Authorization:secret
					x-other:j

					hello\0""");
			StompFrame message = bob.await("the message", StompFrame::isMessage);
			assertThat(message.headers().keySet()).containsExactlyInAnyOrder("subscription", "message-id",
					"destination", "epoch", "seq", "timestamp", "content-type", "content-length", "id", "type",
					"x-color", "sender");
			assertThat(message.headers()).containsEntry("sender", "eve").containsEntry("x-color", "red");
			eve.send("BEGIN", Map.of("transaction", "t"), "");
			eve.send("SEND",
					Map.of("destination", "/topic/room.headers", "transaction", "t", " sender", "a", "x-a", "b"),
					"in a transaction");
			eve.send("COMMIT", Map.of("transaction", "t"), "");
			assertThat(bob.await("the second", (frame) -> frame.body().equals("in a transaction")).headers().keySet())
				.doesNotContain(" sender", "x-a", "x-color")
				.contains("sender");
		}
	}

	@Test
	void rule10_overHttpSubscribersGetOnlyTheHeadersThatClientsMaySet() {
		try (StompTestClient bob = StompTestClient.connect(this.port, "bob")) {
			bob.subscribe("s1", "/topic/room.posted");
			Polls.send(this.port, "destination=/topic/room.posted&login=eve&X-Color=red&Sender=a&%20sender=b&sender=c"
					+ "&x-other=d&id=m1&type=say", "hello", "Content-Type", "text/plain");
			StompFrame message = bob.await("the message", StompFrame::isMessage);
			assertThat(message.headers().keySet()).containsExactlyInAnyOrder("subscription", "message-id",
					"destination", "epoch", "seq", "timestamp", "content-type", "content-length", "id", "type",
					"x-color", "sender");
			assertThat(message.headers()).containsEntry("sender", "eve").containsEntry("x-color", "red");
		}
	}

	@Test
	void overHttpNobodyIsNotASenderEither() {
		try (EventStream stream = EventStream.open(this.port, "topic=room.http")) {
			Polls.send(this.port, "destination=/topic/room.http&sender=admin", "forged", "Content-Type", "text/plain");
			assertThat(stream.await("message").data()).contains("forged").doesNotContain("admin");
		}
	}

	@Test
	void whatTheApplicationSendsHasASenderOnlyWhereItIsPublishedWithOne() {
		try (StompTestClient client = StompTestClient.connect(this.port, "fay")) {
			client.subscribe("s1", "/topic/room.app");
			client.subscribe("s2", "/user/queue/app");
			Map<String, Object> forwarded = Map.of("sender", "admin");
			this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/room.app", (Object) "one", forwarded);
			SimpMessageHeaderAccessor toSession = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
			toSession.setNativeHeader("sender", "admin");
			toSession("fay", "/queue/app", "two", toSession);
			this.node.getBean(RealtimePublisher.class)
				.publishAndWait(
						Publication.to(Topic.of("room.app")).content(Content.text("three")).sender("ann").build());
			await().until(() -> client.messages().size() == 3);
			assertThat(client.messages()).filteredOn((message) -> message.get("sender") != null)
				.extracting((message) -> message.body() + " of " + message.header("sender"))
				.containsExactly("three of ann");
		}
	}

	private void assertUnknown(StompFrame denied, String destination) {
		assertThat(denied.headers()).containsEntry("event", "denied").containsEntry("reason", "unknown-destination");
		assertThat(denied.header("message")).contains("\"" + destination + '"').contains(KNOWN);
	}

	private static StompFrame receipt(StompTestClient client, String receipt) {
		return client.await(receipt, (frame) -> receipt.equals(frame.get("receipt-id")));
	}

	private Map<String, String> registered(String user) {
		return session(user).getSubscriptions()
			.stream()
			.collect(Collectors.toMap(SimpSubscription::getId, SimpSubscription::getDestination));
	}

	private SimpSession session(String user) {
		return Objects.requireNonNull(this.node.getBean(SimpUserRegistry.class).getUser(user))
			.getSessions()
			.iterator()
			.next();
	}

	private void toSession(String user, String destination, String text) {
		toSession(user, destination, text, SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE));
	}

	private void toSession(String user, String destination, String text, SimpMessageHeaderAccessor headers) {
		headers.setSessionId(session(user).getId());
		headers.setLeaveMutable(true);
		this.node.getBean(SimpMessagingTemplate.class)
			.convertAndSendToUser(user, destination, text, headers.getMessageHeaders());
	}

}
