package dev.realtime.spring.journey;

import java.util.UUID;

import dev.realtime.RealtimePublisher;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Operators ask for the journeys of messages that are published with transactions. */
class JourneysInTransactionsIT {

	private static final String PATH = "/actuator/realtime/journeys/";

	@Test
	void theNextMessagesAreTracedOnTheNodesThatDeliverThem() {
		try (ConfigurableApplicationContext node = new SpringApplicationBuilder(ChatNode.class)
			.properties("server.port=0", "realtime.broker=memory", "realtime.log=jdbc",
					"spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
					"realtime.jdbc.initialize-schema=always", "realtime.security.anonymous=true",
					"realtime.drain.spread=0s", "management.endpoints.web.exposure.include=realtime,realtimesessions",
					"spring.main.register-shutdown-hook=false")
			.run(); StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("s", "/topic/room.1");
			int port = ChatNode.webPort(node);
			assertThat(Http.post(port, "/actuator/realtimesessions/trace", "{\"topic\": \"room.1\", \"messages\": 1}")
				.statusCode()).isEqualTo(200);
			RealtimePublisher publisher = node.getBean(RealtimePublisher.class);
			TransactionTemplate transaction = new TransactionTemplate(node.getBean(PlatformTransactionManager.class));
			String traced = transaction
				.execute((status) -> publisher.publishAndWait("room.1", "1").position().toString());
			String next = transaction
				.execute((status) -> publisher.publishAndWait("room.1", "2").position().toString());
			await().untilAsserted(() -> assertThat(Http.get(port, PATH + traced).statusCode()).isEqualTo(200));
			await().untilAsserted(() -> assertThat(Http.json(port, PATH + traced)).extractingByKey("nodes")
				.asString()
				.contains("written"));
			assertThat(Http.get(port, PATH + next).statusCode()).isEqualTo(404);
		}
	}

}
