package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.realtime.spring.sessions.SessionDoor;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.session.MapSession;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.events.SessionDeletedEvent;
import org.springframework.session.events.SessionDestroyedEvent;
import org.springframework.session.events.SessionExpiredEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Sessions of Spring Session, whose end is reported by events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringSessionEventsIT {

	private final ConfigurableApplicationContext node = LoginNode.start(SpringSessionEndIT.Sessions.class);

	private final int port = ChatNode.webPort(this.node);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@MethodSource("events")
	void rule10_aConnectionEndsAtOnceAlsoWithoutAUser(Function<MapSession, SessionDestroyedEvent> event) {
		HttpResponse<String> visit = Polls.ask(this.port, "GET", "/visit", "");
		String cookie = visit.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
		try (StompTestClient visitor = noted(cookie, visit.body()); StompTestClient other = connect("none=1")) {
			MapSession session = session(visit.body());
			this.node.publishEvent(event.apply(session));
			await().atMost(Duration.ofSeconds(1)).until(() -> "session ended".equals(visitor.closeReason));
			assertThat(visitor.closeCode).isEqualTo(1008);
			assertThat(other.closeCode).isNull();
		}
	}

	static Stream<Function<MapSession, SessionDestroyedEvent>> events() {
		return Stream.of((session) -> new SessionDeletedEvent("test", session),
				(session) -> new SessionExpiredEvent("test", session));
	}

	/**
	 * A map keeps whole sessions, so what another request stores late takes back what the
	 * handshake has noted. Repositories of Redis and of databases store what has changed.
	 */
	private StompTestClient noted(String cookie, String id) {
		return await().until(() -> {
			StompTestClient client = connect(cookie);
			try {
				await().atMost(Duration.ofSeconds(1))
					.until(() -> session(id).getAttribute(SessionDoor.HTTP_SESSION) != null);
				return client;
			}
			catch (ConditionTimeoutException ex) {
				client.close();
				return null;
			}
		}, (client) -> client != null);
	}

	private MapSession session(String id) {
		return Objects.requireNonNull(this.node.getBean(MapSessionRepository.class).findById(id));
	}

	private StompTestClient connect(String cookie) {
		StompTestClient client = StompTestClient.open(this.port, Map.of("Cookie", cookie));
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost"), "");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

}
