package dev.realtime.spring.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an existing application and its clients rely on: which messages reach whom. Runs
 * on Spring's simple broker, which proves that these facts are Spring's, and on ours.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ExistingMessagesContract {

	final ConfigurableApplicationContext application;

	final int port;

	ExistingMessagesContract(ConfigurableApplicationContext application) {
		this.application = application;
		this.port = ExistingApplication.port(application);
	}

	@BeforeAll
	void brokerIsAvailable() {
		assertThat(bean(SessionEvents.class).isBrokerAvailable()).isTrue();
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	<T> T bean(Class<T> type) {
		return this.application.getBean(type);
	}

	SimpMessagingTemplate template() {
		return bean(SimpMessagingTemplate.class);
	}

	StompUser connect(String name) {
		return StompUser.connect(this.port, name);
	}

	@Test
	void aReplyGoesWhereSendToSays() {
		try (StompUser ann = connect("ann"); StompUser bob = connect("bob")) {
			Inbox anns = ann.subscribed("/topic/room.say");
			Inbox bobs = bob.subscribed("/topic/room.say");
			StompHeaders say = new StompHeaders();
			say.setDestination("/app/say.say");
			say.add("mood", "glad");
			ann.send(say, "hello");
			for (Inbox inbox : List.of(anns, bobs)) {
				inbox.awaitTexts("ann (glad) in say: hello");
				StompHeaders headers = inbox.first().headers();
				assertThat(headers.getDestination()).isEqualTo("/topic/room.say");
				assertThat(headers.getMessageId()).isNotEmpty();
				assertThat(headers.getContentLength()).isEqualTo("ann (glad) in say: hello".length());
			}
		}
	}

	@Test
	void aReplyWithoutSendToGoesToTheTopicOfTheSameName() {
		try (StompUser ann = connect("ann")) {
			Inbox echoes = ann.subscribed("/topic/echo");
			ann.send("/app/echo", "grüß dich ✓");
			echoes.awaitTexts("grüß dich ✓");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/topic/room/42", "/topic/user@example.com", "/topic/price:ACME", "/topic/Zürich",
			"/topic/a b", "/topic/50%25", "/topic/😀", "/topic/room//7", "/topic/_status", "/queue/orders/eu" })
	void aDestinationMayHaveAnyCharacters(String destination) {
		try (StompUser ann = connect("ann")) {
			Inbox inbox = ann.subscribed(destination);
			Inbox other = ann.subscribed("/topic/room.42");
			template().convertAndSend(destination, "hello");
			template().convertAndSend("/topic/room.42", "other");
			inbox.awaitTexts("hello");
			assertThat(inbox.first().headers().getDestination()).isEqualTo(destination);
			other.awaitTexts("other");
		}
	}

	@Test
	void aReplyMayGoToATopicWithASlash() {
		try (StompUser ann = connect("ann")) {
			Inbox replies = ann.subscribed("/topic/slashes/7");
			ann.send("/app/slashes/7", "hello");
			replies.awaitTexts("hello");
		}
	}

	@Test
	void aReplyMayComeLater() {
		try (StompUser ann = connect("ann")) {
			Inbox replies = ann.subscribed("/topic/later");
			ann.send("/app/later", "alligator");
			replies.awaitTexts("later alligator");
		}
	}

	@Test
	void payloadsAreConvertedFromAndToJson() {
		try (StompUser ann = connect("ann")) {
			Inbox notes = ann.subscribed("/topic/notes");
			StompHeaders headers = new StompHeaders();
			headers.setDestination("/app/note");
			headers.setContentType(MimeTypeUtils.APPLICATION_JSON);
			ann.send(headers, "{\"text\":\"fine\",\"stars\":4}");
			notes.awaitTexts("{\"text\":\"fine\",\"stars\":5}");
			assertThat(notes.first().headers().getContentType()).isEqualTo(MimeTypeUtils.APPLICATION_JSON);
		}
	}

	@Test
	void aSubscribeMappingAnswersTheSubscriberAlone() {
		try (StompUser ann = connect("ann"); StompUser bob = connect("bob")) {
			Inbox anns = ann.subscribed("/app/welcome.home");
			Inbox bobs = bob.subscribed("/app/welcome.home");
			bobs.awaitTexts("welcome home, bob");
			anns.awaitTexts("welcome home, ann");
			assertThat(anns.first().headers().getDestination()).isEqualTo("/app/welcome.home");
		}
	}

	@Test
	void aSubscribeMappingWithSendToAnswersEverybody() {
		try (StompUser ann = connect("ann"); StompUser bob = connect("bob")) {
			Inbox anns = ann.subscribed("/topic/joined");
			Inbox bobs = bob.subscribed("/app/joined");
			anns.awaitTexts("bob joined");
			assertThat(bobs.texts()).isEmpty();
		}
	}

	@Test
	void sendToUserReachesAllSessionsOfTheUserOrTheSendingOneAlone() {
		try (StompUser ann = connect("ann"); StompUser annAgain = connect("ann"); StompUser bob = connect("bob")) {
			Inbox here = ann.subscribed("/user/queue/answers");
			Inbox there = annAgain.subscribed("/user/queue/answers");
			Inbox bobs = bob.subscribed("/user/queue/answers");
			ann.send("/app/answer.me", "one");
			here.awaitTexts("me: one");
			ann.send("/app/answer.all", "two");
			here.awaitTexts("me: one", "all: two");
			there.awaitTexts("all: two");
			bob.send("/app/answer.all", "three");
			bobs.awaitTexts("all: three");
			assertThat(there.first().headers().getDestination()).isEqualTo("/user/queue/answers");
			assertThat(here.first().headers().getDestination()).isEqualTo("/user/queue/answers");
		}
	}

	@Test
	void sendToUserWithoutADestinationUsesTheQueueOfTheSameName() {
		try (StompUser ann = connect("ann")) {
			Inbox answers = ann.subscribed("/user/queue/default.answer");
			ann.send("/app/default.answer", "hello");
			answers.awaitTexts("default: hello");
		}
	}

	@Test
	void whoIsNotLoggedInIsAnsweredByTheSession() {
		try (StompUser one = StompUser.connectAnonymously(this.port);
				StompUser other = StompUser.connectAnonymously(this.port)) {
			Inbox ones = one.subscribed("/user/queue/answers");
			Inbox others = other.subscribed("/user/queue/answers");
			one.send("/app/answer.all", "one");
			ones.awaitTexts("all: one");
			other.send("/app/answer.me", "two");
			others.awaitTexts("me: two");
			ones.awaitTexts("all: one");
		}
	}

	@Test
	void anExceptionHandlerTellsTheUserAndTheSessionGoesOn() {
		try (StompUser ann = connect("ann")) {
			Inbox errors = ann.subscribed("/user/queue/errors");
			ann.send("/app/fail", "no luck");
			errors.awaitTexts("failed: no luck");
			ann.send("/app/fail", "again");
			errors.awaitTexts("failed: no luck", "failed: again");
		}
	}

	@Test
	void theTemplateReachesSubscribersInOrderWithItsHeaders() {
		try (StompUser ann = connect("ann"); StompUser bob = connect("bob")) {
			Inbox anns = ann.subscribed("/topic/template");
			Inbox bobs = bob.subscribed("/topic/template");
			String[] expected = IntStream.range(0, 200).mapToObj((i) -> "m" + i).toArray(String[]::new);
			for (String text : expected) {
				template().convertAndSend("/topic/template", text, Map.of("color", "blue"));
			}
			anns.awaitTexts(expected);
			bobs.awaitTexts(expected);
			assertThat(anns.first().headers().getFirst("color")).isEqualTo("blue");
			assertThat(Objects.requireNonNull(anns.first().headers().getContentType())
				.isCompatibleWith(MimeTypeUtils.TEXT_PLAIN)).isTrue();
		}
	}

	@Test
	void queuesAreBrokerDestinationsToo() {
		try (StompUser ann = connect("ann")) {
			Inbox orders = ann.subscribed("/queue/orders");
			// a map by its type would be one of headers, in Spring 7
			Object order = Map.of("id", 7);
			template().convertAndSend("/queue/orders", order);
			orders.awaitTexts("{\"id\":7}");
			assertThat(orders.first().headers().getDestination()).isEqualTo("/queue/orders");
		}
	}

	@Test
	void theTemplateReachesAllSessionsOfAUser() {
		try (StompUser ann = connect("ann@b.c");
				StompUser annAgain = connect("ann@b.c");
				StompUser bob = connect("bob")) {
			List<Inbox> anns = List.of(ann.subscribed("/user/queue/news"), annAgain.subscribed("/user/queue/news"));
			Inbox topics = ann.subscribed("/user/topic/news");
			Inbox bobs = bob.subscribed("/user/queue/news");
			template().convertAndSendToUser("ann@b.c", "/queue/news", "for ann");
			template().convertAndSendToUser("ann@b.c", "/topic/news", "by topic");
			template().convertAndSendToUser("bob", "/queue/news", "for bob");
			anns.forEach((inbox) -> inbox.awaitTexts("for ann"));
			topics.awaitTexts("by topic");
			bobs.awaitTexts("for bob");
			assertThat(bobs.first().headers().getDestination()).isEqualTo("/user/queue/news");
		}
	}

	@Test
	void severalSubscriptionsOfOneSessionEachGetTheMessage() {
		try (StompUser ann = connect("ann")) {
			Inbox one = ann.subscribed("/topic/several");
			Inbox two = ann.subscribed("/topic/several");
			template().convertAndSend("/topic/several", "hello");
			one.awaitTexts("hello");
			two.awaitTexts("hello");
		}
	}

	@Test
	void whoUnsubscribesGetsNoMore() {
		try (StompUser ann = connect("ann")) {
			Inbox kept = ann.subscribed("/topic/left");
			Inbox ended = new Inbox();
			StompSession.Subscription subscription = ann.session().subscribe("/topic/left", ended);
			ann.ready();
			template().convertAndSend("/topic/left", "one");
			ended.awaitTexts("one");
			subscription.unsubscribe();
			ann.ready();
			template().convertAndSend("/topic/left", "two");
			kept.awaitTexts("one", "two");
			assertThat(ended.texts()).containsExactly("one");
		}
	}

	@Test
	void whatFollowsASubscribeIsDelivered() {
		try (RawSocket ann = RawSocket.connect(this.port, "ann", "0,0")) {
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				ann.send("SUBSCRIBE\nid:s" + i + "\ndestination:/topic/fresh." + i + "\n\n\0"
						+ "SEND\ndestination:/app/relay.fresh." + i + "\n\nfirst" + i + "\0");
				expected.add("first" + i);
			}
			await()
				.untilAsserted(() -> assertThat(bodies(ann.received())).containsExactlyInAnyOrderElementsOf(expected));
		}
	}

	/** The bodies of all frames, but for those without. */
	static List<String> bodies(String frames) {
		List<String> bodies = new ArrayList<>();
		for (String frame : frames.split("\0", -1)) {
			int blank = frame.indexOf("\n\n");
			if (blank >= 0 && blank + 2 < frame.length()) {
				bodies.add(frame.substring(blank + 2));
			}
		}
		return bodies;
	}

}
