package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.spring.sessions.SessionInfo;
import dev.realtime.spring.sessions.SessionQuery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a login has started ends with its HTTP session. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HttpSessionEndContract {

	/** "Within seconds"; the session that is asked for is looked at every two. */
	private static final Duration SOON = Duration.ofSeconds(8);

	private final ConfigurableApplicationContext node;

	private final int port;

	HttpSessionEndContract(Class<?>... more) {
		this.node = LoginNode.start(more);
		this.port = ChatNode.webPort(this.node);
	}

	@AfterEach
	void endTheOthers() {
		for (SessionInfo session : find(SessionQuery.all())) {
			join(this.node.getBean(RealtimeSessions.class).disconnectSession(session.id(), "end of the test"));
		}
		await().until(() -> find(SessionQuery.all()).isEmpty());
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void rule10_aLogoutEndsTheWebSocketTheStreamAndThePollOfItsSessionAlone() {
		String cookie = login("ann", "");
		String other = login("ann", "");
		try (Started ann = start(cookie); Started stays = start(other)) {
			assertThat(Polls.ask(this.port, "POST", "/logout", "", "Cookie", cookie).statusCode()).isEqualTo(302);
			ann.assertEnded();
			send("after the logout");
			stays.socket.await("the message", (frame) -> frame.body().contains("after the logout"));
			assertThat(ann.socket.messages()).isEmpty();
			assertThat(ann.stream.messages()).isEmpty();
			stays.assertOpen();
		}
	}

	@Test
	void rule10_aSessionThatTimesOutEndsWhatItHasStarted() {
		String cookie = login("ann", "");
		try (Started ann = start(cookie)) {
			Polls.ask(this.port, "GET", "/hurry", "", "Cookie", cookie);
			ann.assertEnded();
		}
	}

	@Test
	void rule10_aSessionThatAnOperatorExpiresEndsWhatItHasStarted() {
		String cookie = login("ann", "");
		try (Started ann = start(cookie); Started bob = start(login("bob", ""))) {
			SessionRegistry registry = this.node.getBean(SessionRegistry.class);
			registry.getAllPrincipals()
				.stream()
				.filter((principal) -> principal.toString().contains("Username=ann"))
				.flatMap((principal) -> registry.getAllSessions(principal, false).stream())
				.forEach(SessionInformation::expireNow);
			ann.assertEnded();
			bob.assertOpen();
		}
	}

	@Test
	void aConnectionThatCameBeforeTheLoginStaysAndASessionIsFollowedWhenItsIdChanges() {
		String before = cookie(Polls.ask(this.port, "GET", "/visit", ""));
		try (StompTestClient visitor = connect(before)) {
			String after = login("ann", before);
			assertThat(after).isNotEqualTo(before);
			await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(6)).until(() -> visitor.closeCode == null);
			try (Started ann = start(after)) {
				await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(6)).untilAsserted(ann::assertOpen);
				Polls.ask(this.port, "POST", "/logout", "", "Cookie", after);
				ann.assertEnded();
				await().atMost(SOON).until(() -> visitor.closeCode != null);
			}
		}
	}

	private Started start(String cookie) {
		return new Started(connect(cookie),
				EventStream.open(this.port, "destination=/user/queue/news", "Cookie", cookie), poll(cookie));
	}

	private StompTestClient connect(String cookie) {
		StompTestClient client = StompTestClient.open(this.port, Map.of("Cookie", cookie));
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		client.subscribe("own", "/user/queue/news");
		return client;
	}

	private CompletableFuture<HttpResponse<String>> poll(String cookie) {
		int parked = parked();
		String position = Polls.position(Polls.poll(this.port, "topic=quiet", "Cookie", cookie));
		await().until(() -> parked() == parked);
		CompletableFuture<HttpResponse<String>> poll = new CompletableFuture<>();
		Thread thread = new Thread(
				() -> poll.complete(Polls.poll(this.port, "topic=quiet&position=" + position, "Cookie", cookie)));
		thread.setDaemon(true);
		thread.start();
		await().until(() -> parked() > parked);
		return poll;
	}

	private int parked() {
		return find(SessionQuery.all().withTopic("quiet")).size();
	}

	private List<SessionInfo> find(SessionQuery query) {
		return join(this.node.getBean(RealtimeSessions.class).find(query)).sessions();
	}

	private static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	private void send(String text) {
		this.node.getBean(SimpMessagingTemplate.class).convertAndSendToUser("ann", "/queue/news", text);
	}

	/** Returns the cookie of the session, as the login has renamed it. */
	private String login(String user, String cookie) {
		HttpResponse<String> answer = Polls.ask(this.port, "POST", "/login", "username=" + user + "&password=secret",
				"Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie.isEmpty() ? "none=1" : cookie);
		assertThat(answer.headers().firstValue("Location").orElseThrow()).doesNotContain("error");
		return cookie(answer);
	}

	private static String cookie(HttpResponse<String> answer) {
		return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
	}

	/** Three connections of one session. */
	private record Started(StompTestClient socket, EventStream stream,
			CompletableFuture<HttpResponse<String>> poll) implements AutoCloseable {

		void assertEnded() {
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(this.socket.closeCode).isEqualTo(1008);
				assertThat(this.stream.events("closed")).singleElement()
					.satisfies((closed) -> assertThat(closed.json()).containsEntry("code", 1008)
						.containsEntry("reason", "session ended"));
				assertThat(this.poll).isDone();
			});
			assertThat(this.poll.join().statusCode()).isEqualTo(401);
			assertThat(Polls.json(this.poll.join())).containsEntry("reason", "session ended");
		}

		void assertOpen() {
			assertThat(this.socket.closeCode).isNull();
			assertThat(this.stream.events("closed")).isEmpty();
			assertThat(this.poll).isNotDone();
		}

		@Override
		public void close() {
			this.socket.close();
			this.stream.close();
		}

	}

}
