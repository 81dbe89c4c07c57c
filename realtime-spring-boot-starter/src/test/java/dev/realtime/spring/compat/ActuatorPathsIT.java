package dev.realtime.spring.compat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that do not want the actuator beside their own pages, although the starter
 * brings it along.
 */
class ActuatorPathsIT {

	private static final String MESSAGES = "/realtime/topics/room/messages";

	@Test
	void rule11_theActuatorMovesToAPortOfItsOwnAndRealtimeStays() throws Exception {
		try (ConfigurableApplicationContext node = PlainNode
			.start(List.of("management.server.port=0", "management.endpoint.health.show-details=always"))) {
			int management = node.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
			HttpResponse<String> health = get(management, "/actuator/health/realtime");
			assertThat(health.statusCode()).isEqualTo(200);
			assertThat(health.body()).contains("\"status\":\"UP\"", "\"brokerConnected\":true");
			assertThat(get(management, MESSAGES).statusCode()).isEqualTo(404);
			int own = ExistingApplication.webPort(node);
			assertThat(get(own, MESSAGES).statusCode()).isEqualTo(200);
			assertThat(get(own, "/actuator").statusCode()).isEqualTo(404);
			assertThat(get(own, "/actuator/health").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void rule11_theActuatorIsClosed() throws Exception {
		try (ConfigurableApplicationContext node = PlainNode.start(List.of("management.endpoints.access.default=none",
				"management.endpoints.web.discovery.enabled=false"))) {
			int own = ExistingApplication.webPort(node);
			assertThat(get(own, "/actuator").statusCode()).isEqualTo(404);
			assertThat(get(own, "/actuator/health").statusCode()).isEqualTo(404);
			assertThat(get(own, MESSAGES).statusCode()).isEqualTo(200);
		}
	}

	private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
					HttpResponse.BodyHandlers.ofString());
	}

}
