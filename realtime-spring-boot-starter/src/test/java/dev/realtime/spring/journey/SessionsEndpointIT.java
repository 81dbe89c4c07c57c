package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Operators find and stop users over the actuator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionsEndpointIT {

	private static final String PATH = "/actuator/realtimesessions";

	private final ConfigurableApplicationContext node = ChatNode
		.startAlone("management.endpoints.web.exposure.include=realtimesessions");

	private final int port = ChatNode.webPort(this.node);

	@AfterEach
	void awaitTheirEnd() {
		await().until(() -> sessions("").isEmpty());
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void sessionsAreListedAndOneIsDisconnected() {
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann");
				StompTestClient bob = StompTestClient.connect(this.port, "bob")) {
			Map<String, Object> session = sessions("?user=ann").get(0);
			assertThat(session).containsEntry("user", "ann").containsKeys("id", "node", "address", "connectedAt");
			assertThat(sessions("")).hasSize(2);
			assertThat(sessions("?topic=room.1")).isEmpty();
			assertThat(Http.json(this.port, PATH + "?limit=1")).containsEntry("more", true);
			assertThat(Polls.ask(this.port, "DELETE", PATH + '/' + session.get("id"), "").statusCode()).isEqualTo(200);
			await().until(() -> Integer.valueOf(4501).equals(ann.closeCode));
			assertThat(bob.closeCode).isNull();
		}
	}

	@Test
	void aUserIsBlockedAndLetInAgain() {
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann")) {
			assertThat(post("block", "{\"user\":\"ann\",\"duration\":\"1h\"}").body()).contains("done");
			await().until(() -> Integer.valueOf(1008).equals(ann.closeCode));
			assertThat(Http.json(this.port, PATH)).containsEntry("blocked", List.of("ann"));
			assertThat(post("unblock", "{\"user\":\"ann\"}").body()).contains("done");
			assertThat(post("unblock", "{\"user\":\"ann\"}").body()).contains("unknown");
			StompTestClient.connect(this.port, "ann").close();
		}
	}

	@Test
	void subscriptionsAndConnectionsOfAUserAreEnded() {
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann")) {
			ann.subscribe("sub-0", "/topic/room.1");
			post("unsubscribe", "{\"user\":\"ann\",\"topic\":\"room.*\"}");
			ann.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(post("revoke", "{\"user\":\"ann\",\"issuedBefore\":\"2026-01-01T00:00:00Z\"}").statusCode())
				.isEqualTo(200);
			await().during(Duration.ofMillis(300)).until(() -> ann.closeCode == null);
			post("disconnect", "{\"user\":\"ann\",\"reason\":\"maintenance\"}");
			await().until(() -> "maintenance".equals(ann.closeReason));
		}
	}

	@Test
	void rightsAreDecidedAgain() {
		assertThat(post("recheck", "{\"user\":\"ann\"}").body()).contains("done");
		assertThat(post("recheck", "{\"topic\":\"room.*\"}").body()).contains("done");
		assertThat(post("recheck", "{}").body()).contains("done");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "block; {\"user\":\"ann\"}", "block; {\"user\":\"ann\",\"duration\":\"long\"}",
					"block; {\"duration\":\"1h\"}", "unsubscribe; {\"user\":\"ann\",\"topic\":\"a*\"}",
					"disconnect; {\"user\":\"\"}", "revoke; {\"user\":\"ann\",\"issuedBefore\":\"now\"}",
					"recheck; {\"user\":\"ann\",\"topic\":\"a\"}", "recheck; {\"topic\":\"a*\"}", "drain; {}",
					"resume; {\"user\":\"ann\"}", "dance; {\"user\":\"ann\"}" })
	void whatIsMissingOrWrongIsABadRequest(String command, String body) {
		assertThat(post(command, body).statusCode()).isEqualTo(400);
	}

	@Test
	void itIsNotExposedByDefault() {
		try (ConfigurableApplicationContext other = ChatNode.startAlone()) {
			assertThat(Http.get(ChatNode.webPort(other), PATH).statusCode()).isEqualTo(404);
		}
	}

	private HttpResponse<String> post(String command, String body) {
		return Http.post(this.port, PATH + '/' + command, body);
	}

	@SuppressWarnings("unchecked")
	private List<Map<String, Object>> sessions(String query) {
		return (List<Map<String, Object>>) Http.json(this.port, PATH + query).getOrDefault("sessions", List.of());
	}

}
