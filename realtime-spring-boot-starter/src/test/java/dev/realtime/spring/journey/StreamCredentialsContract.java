package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Who may have a stream: what Spring Security and the authenticators say of CONNECT. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StreamCredentialsContract {

	private final ConfigurableApplicationContext node;

	private final int port;

	StreamCredentialsContract(String... properties) {
		this.node = TokenNode.start(properties);
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void theAuthorizationHeaderSaysWhoReads() {
		try (EventStream stream = EventStream.open(this.port, "topic=room.1&destination=/user/queue/notices",
				"Authorization", bearer("ann"))) {
			this.node.getBean(SimpMessagingTemplate.class).convertAndSendToUser("ann", "/queue/notices", "for ann");
			assertThat(stream.await("message").json()).containsEntry("payload", "for ann")
				.containsEntry("topic", "_user.ann.queue.notices");
		}
	}

	@Test
	void wrongCredentialsAreAnsweredWith401BeforeAnythingIsWritten() {
		HttpResponse<String> answer = Polls.poll(this.port, "topic=room.1", "Authorization", "Bearer wrong");
		assertThat(answer.statusCode()).isEqualTo(401);
		assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
		assertThat(
				EventStream.ask(this.port, "topic=room.1", "Authorization", bearer("ann") + "x").answer().statusCode())
			.isEqualTo(401);
		assertThat(
				Polls.send(this.port, "destination=/topic/room.1", "x", "Authorization", "Bearer wrong").statusCode())
			.isEqualTo(401);
	}

	@Test
	void springSecurityRefusesOneSubscriptionAndTheOthersGoOn() {
		try (EventStream stream = EventStream.open(this.port, "topic=public&topic=room.1")) {
			assertThat(stream.events("denied")).singleElement()
				.satisfies((denied) -> assertThat(denied.json()).containsEntry("topic", "room.1")
					.containsEntry("reason", "forbidden"));
			this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/public", "for all");
			assertThat(stream.await("message").json()).containsEntry("topic", "public");
		}
	}

	@Test
	void springSecurityDecidesWhoSends() {
		String query = "destination=/topic/room.1";
		assertThat(Polls.send(this.port, query, "x").statusCode()).isEqualTo(403);
		HttpResponse<String> sent = Polls.send(this.port, query, "x", "Authorization", bearer("ann"));
		assertThat(sent.statusCode()).isEqualTo(200);
		assertThat(Polls.json(sent)).containsEntry("topic", "room.1").containsEntry("seq", 1);
	}

	@Test
	void aStreamEndsWithItsCredentials() {
		String token = "Bearer " + TokenNode.TOKENS.token("ann", Instant.now().plus(Duration.ofSeconds(8)));
		try (EventStream stream = EventStream.open(this.port, "topic=room.1", "Authorization", token)) {
			assertThat(stream.await("expiring").json()).containsKey("inMs");
			assertThat(stream.await("closed").json()).containsEntry("code", 4003)
				.containsEntry("reason", "credentials expired");
			await().until(() -> stream.ended);
		}
	}

	private static String bearer(String user) {
		return "Bearer " + TokenNode.TOKENS.token(user);
	}

}
