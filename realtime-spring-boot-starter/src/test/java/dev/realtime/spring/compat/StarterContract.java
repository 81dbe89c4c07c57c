package dev.realtime.spring.compat;

import java.util.Map;

import dev.realtime.IllegalTopicException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.stomp.StompHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * The same application with the starter on its class path, and where it differs from the
 * simple broker by design.
 */
@ExtendWith(OutputCaptureExtension.class)
abstract class StarterContract extends ExistingApplicationContract {

	StarterContract(ConfigurableApplicationContext application) {
		super(application);
	}

	@Test
	void messagesAreNumbered() {
		try (StompUser ann = connect("ann")) {
			Inbox inbox = ann.subscribed("/topic/numbered");
			template().convertAndSend("/topic/numbered", "one");
			StompHeaders headers = inbox.first().headers();
			assertThat(headers.getFirst("seq")).isEqualTo("1");
			assertThat(headers.getMessageId()).isEqualTo(headers.getFirst("epoch") + "-1");
		}
	}

	@Test
	void aClientMayNotSendStraightToATopic() {
		try (StompUser ann = connect("ann"); StompUser bob = connect("bob")) {
			Inbox inbox = bob.subscribed("/topic/straight");
			ann.send("/topic/straight", "psst");
			assertThat(ann.awaitRefusal()).startsWith("Clients may not SEND to /topic/straight;");
			template().convertAndSend("/topic/straight", "official");
			inbox.awaitTexts("official");
		}
	}

	@Test
	void aClientMayNotSendStraightToAUser() {
		try (StompUser ann = connect("ann"); StompUser bob = connect("bob")) {
			Inbox inbox = bob.subscribed("/user/queue/straight");
			ann.send("/user/bob/queue/straight", "psst");
			assertThat(ann.awaitRefusal()).startsWith("Clients may not SEND to /user/bob/queue/straight;");
			template().convertAndSendToUser("bob", "/queue/straight", "official");
			inbox.awaitTexts("official");
		}
	}

	@Test
	void theConnectionEndsAfterAnErrorAsStompDemands() {
		try (StompUser ann = connect("ann")) {
			ann.send("/app/admin.say", "let me in");
			assertThat(ann.awaitRefusal()).isEqualTo("Access Denied");
			await().until(ann::isLost);
		}
	}

	@Test
	void aClientMayNotSubscribeToATopicWhoseNameIsTooLong() {
		try (StompUser ann = connect("ann")) {
			ann.subscribe("/topic/" + "x".repeat(256));
			assertThat(ann.awaitRefusal()).contains("it is longer than 255 bytes of UTF-8");
		}
	}

	/** Spring Security decodes destinations by its rules, since version 7 as paths. */
	@Test
	void rule8_aDestinationThatCannotBeDecodedIsRefusedInOneLine(CapturedOutput log) {
		refuseUndecodable();
		long before = traced(log);
		for (int i = 0; i < 3; i++) {
			refuseUndecodable();
		}
		assertThat(traced(log)).isEqualTo(before);
		assertThat(log.getAll().lines()).noneMatch((line) -> line.startsWith("forged"));
	}

	private void refuseUndecodable() {
		try (RawSocket ann = RawSocket.connect(this.port, "ann", "0,0")) {
			ann.send("SUBSCRIBE\nid:s\ndestination:/topic/50%\\nforged\n\n\0");
			ann.await("ERROR\n");
		}
	}

	private static long traced(CapturedOutput log) {
		return log.getAll().lines().filter((line) -> line.startsWith("\tat ")).count();
	}

	@Test
	void aClientMayNotUseTheWildcardOfRabbitMq() {
		try (StompUser ann = connect("ann")) {
			ann.subscribe("/topic/room.#");
			assertThat(ann.awaitRefusal()).contains("a final ** stands for one or more segments");
		}
	}

	@Test
	void theApplicationMayNotSendToATopicWithAControlCharacter() {
		assertThatThrownBy(() -> template().convertAndSend("/topic/room\n7", "hello"))
			.hasRootCauseInstanceOf(IllegalTopicException.class)
			.hasStackTraceContaining("control character U+000A at index 4 is not allowed");
	}

	@Test
	void aTopicMayHaveTheFormOfAReservedName() {
		try (StompUser ann = connect("ann"); StompUser bob = connect("bob")) {
			Inbox own = bob.subscribed("/user/queue/x");
			Inbox inbox = ann.subscribed("/topic/_user.bob.queue.x");
			template().convertAndSend("/topic/_user.bob.queue.x", "for all");
			inbox.awaitTexts("for all");
			assertThat(inbox.first().headers().getDestination()).isEqualTo("/topic/_user.bob.queue.x");
			template().convertAndSendToUser("bob", "/queue/x", "for bob");
			own.awaitTexts("for bob");
			ann.ready();
			inbox.awaitTexts("for all");
		}
	}

	@Test
	void aPayloadOverTheLimitIsRefusedToItsSender() {
		assertThatThrownBy(() -> template().convertAndSend("/topic/large", "x".repeat(70_000)))
			.hasStackTraceContaining("65536");
	}

	@Test
	void receiptsAreAnsweredForSubscribesAndSends() {
		try (RawSocket ann = RawSocket.connect(this.port, "ann", "0,0")) {
			ann.send("SUBSCRIBE\nid:s\ndestination:/topic/receipts\nreceipt:one\n\n\0");
			ann.await("receipt-id:one\n");
			ann.send("SEND\ndestination:/app/relay.receipts\nreceipt:two\n\nhello\0");
			ann.await("receipt-id:two\n");
			ann.send("UNSUBSCRIBE\nid:s\nreceipt:three\n\n\0");
			ann.await("receipt-id:three\n");
		}
	}

	@Test
	void anIdHeaderMakesAMessageOnce() {
		try (StompUser ann = connect("ann")) {
			Inbox inbox = ann.subscribed("/topic/once");
			template().convertAndSend("/topic/once", "one", Map.of("id", "order-7"));
			template().convertAndSend("/topic/once", "one", Map.of("id", "order-7"));
			template().convertAndSend("/topic/once", "two");
			inbox.awaitTexts("one", "two");
		}
	}

}
