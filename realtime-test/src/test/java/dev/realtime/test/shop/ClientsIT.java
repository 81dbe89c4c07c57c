package dev.realtime.test.shop;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.test.ClosedConnection;
import dev.realtime.test.RealtimeRefusedException;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.ReceivedMessage;
import dev.realtime.test.Receipt;
import dev.realtime.test.TestPresence;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What clients of the kit do and see. */
@RealtimeTest(classes = Shop.class)
class ClientsIT {

	@Autowired
	SimpMessagingTemplate template;

	@Test
	void aMessageHasPositionIdHeadersAndPayload(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.1");
		this.template.convertAndSend("/topic/order.1", new Shop.Step("packed", 3), Map.of("id", "p-1", "type", "step"));
		ReceivedMessage message = order.awaitMessage();
		assertThat(message.position()).isEqualTo(order.position());
		assertThat(message.seq()).isEqualTo(1);
		assertThat(message.id()).isEqualTo("p-1");
		assertThat(message.type()).isEqualTo("step");
		assertThat(message.sender()).isNull();
		assertThat(message.destination()).isEqualTo("/topic/order.1");
		assertThat(message.as(Shop.Step.class)).isEqualTo(new Shop.Step("packed", 3));
	}

	@Test
	void aSendToTheApplicationIsHandledWhenItReturns(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.2");
		client.send("/app/orders/2/pack", new Shop.Step("packed", 1));
		assertThat(order.awaitMessage().as(Shop.Step.class).items()).isEqualTo(1);
		order.expectNoMessage();
	}

	@Test
	void aSendToATopicHasItsPositionAndIsPublishedOnce(RealtimeTestClient client) {
		TestSubscription room = client.subscribe("room.1");
		Receipt first = client.send("room.1", "hello", Map.of("id", "m-1"));
		Receipt again = client.send("room.1", "hello", Map.of("id", "m-1"));
		assertThat(room.awaitMessage().position()).isEqualTo(first.position()).isEqualTo(again.position());
		assertThat(first.isDuplicate()).isFalse();
		assertThat(again.isDuplicate()).isTrue();
		room.expectNoMessage();
	}

	@Test
	void aRefusalHasItsReasonAndTheConnectionStays(RealtimeTestClient client) {
		assertThatExceptionOfType(RealtimeRefusedException.class)
			.isThrownBy(() -> client.send("order.3", "I owe you a coffee"))
			.withMessageContaining("SEND to /topic/order.3")
			.returns("client-publish", RealtimeRefusedException::reason);
		assertThatExceptionOfType(RealtimeRefusedException.class).isThrownBy(() -> client.subscribe("secret.1"))
			.returns("no-access", RealtimeRefusedException::reason);
		assertThat(client.isConnected()).isTrue();
	}

	@Test
	void aUserIsWhoTheTestSays(RealtimeTestClient client) {
		RealtimeTestClient ann = client.asUser("ann");
		TestSubscription greetings = ann.subscribe("/user/queue/greetings");
		ann.send("/app/greet", "");
		assertThat(greetings.awaitMessage().text()).isEqualTo("Hello ann");
		assertThat(ann.user()).isEqualTo("ann");
		TestSubscription secret = client.asUser("kim", "ROLE_KEEPER").subscribe("secret.2");
		this.template.convertAndSend("/topic/secret.2", "42");
		assertThat(secret.awaitMessage().text()).isEqualTo("42");
	}

	@Test
	void aMessageToOneUserReachesNoOther(RealtimeTestClient client) {
		TestSubscription ann = client.asUser("ann").subscribe("/user/queue/notices");
		TestSubscription bob = client.asUser("bob").subscribe("/user/queue/notices");
		this.template.convertAndSendToUser("ann", "/queue/notices", "psst");
		assertThat(ann.awaitMessage().text()).isEqualTo("psst");
		bob.expectNoMessage();
	}

	@Test
	void aClientThatComesBackContinues(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.4");
		this.template.convertAndSend("/topic/order.4", "one");
		order.awaitMessage();
		assertThat(client.disconnect()).isEqualTo(new ClosedConnection(1000, ""));
		this.template.convertAndSend("/topic/order.4", "two");
		client.reconnect();
		this.template.convertAndSend("/topic/order.4", "three");
		assertThat(order.awaitMessages(2)).extracting(ReceivedMessage::text).containsExactly("two", "three");
		assertThat(order).isRecovered().isInOrder().hasNoGaps().hasTexts("one", "two", "three");
	}

	@Test
	void aPositionOfAnotherEpochIsNotRecovered(RealtimeTestClient client) {
		TestSubscription order = client.subscribeFrom("order.5", new Position("ANOTHER", 5));
		assertThat(order).isNotRecovered("epoch-changed");
	}

	@Test
	void aWildcardContinuesOnEachTopic(RealtimeTestClient client) {
		TestSubscription prices = client.subscribe("price.*");
		this.template.convertAndSend("/topic/price.ACME", "1");
		this.template.convertAndSend("/topic/price.a=b,c", "2");
		prices.awaitMessages(2);
		client.cut();
		this.template.convertAndSend("/topic/price.ACME", "3");
		this.template.convertAndSend("/topic/price.a=b,c", "4");
		client.reconnect();
		assertThat(prices.awaitMessages(2)).extracting(ReceivedMessage::text).containsExactlyInAnyOrder("3", "4");
		assertThat(prices).isInOrder().hasNoGaps();
	}

	@Test
	void membersComeAndGo(RealtimeTestClient client) {
		TestPresence room = client.presence("room.2");
		RealtimeTestClient ann = client.asUser("ann");
		ann.subscribe("room.2");
		room.awaitJoin("ann");
		assertThat(room.members()).containsExactly("ann");
		ann.disconnect();
		room.awaitLeave("ann");
		assertThat(room.members()).isEmpty();
	}

	@Test
	void typingIsASignal(RealtimeTestClient client) {
		TestSubscription room = client.subscribe("room.3");
		RealtimeTestClient ann = client.asUser("ann");
		ann.subscribe("room.3");
		ann.send("/realtime/typing", new byte[0], Map.of("topic", "room.3", "typing", "true"));
		assertThat(room.awaitSignal()).containsEntry("type", "typing").containsEntry("user", "ann");
		room.expectNoMessage();
	}

	@Test
	void anUnexpectedMessageIsShown(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.6");
		this.template.convertAndSend("/topic/order.6", "packed");
		order.expectNoMessage((message) -> message.text().equals("shipped"));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(order::expectNoMessage)
			.withMessageContaining("/topic/order.6")
			.withMessageContaining("-1 \"packed\"");
	}

	@Test
	void aMissingMessageIsReportedWithWhatCame(RealtimeTestClient client) {
		TestSubscription order = client.withTimeout(Duration.ofMillis(100)).subscribe("order.7");
		this.template.convertAndSend("/topic/order.7", "packed");
		order.awaitMessage();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> order.awaitMessage((message) -> message.text().equals("shipped")))
			.withMessageContaining("No message that matches on /topic/order.7 within 100 ms")
			.withMessageContaining("\"packed\"  (awaited before)")
			.withMessageContaining("The connection is open.");
	}

	@Test
	void aMissingMessageOnAClosedConnectionSaysSo(RealtimeTestClient client) {
		TestSubscription order = client.withTimeout(Duration.ofMillis(100)).subscribe("order.8");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> order.awaitMessages(2))
			.withMessageContaining("Fewer than 2 further messages on /topic/order.8")
			.withMessageContaining("Nothing was received.");
	}

	@Test
	void anUnsubscribedTopicBringsNothing(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.9");
		order.unsubscribe();
		this.template.convertAndSend("/topic/order.9", "packed");
		client.reconnect();
		assertThat(order.messages()).isEmpty();
	}

	@Test
	void aClientOfAnyApplicationIsClosedByTheTest(@Autowired ApplicationContext application) {
		RealtimeTestClient ann;
		try (RealtimeTestClient client = RealtimeTestClient.of(application)) {
			ann = client.asUser("ann").connect();
			assertThat(List.of(client.connect().isConnected(), ann.isConnected())).containsOnly(true);
		}
		assertThat(ann.isConnected()).isFalse();
	}

}
