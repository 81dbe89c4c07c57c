package dev.realtime.spring.journey;

import java.util.List;

import dev.realtime.spring.OperatingFiles;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The alerts and the dashboard of {@code docs/ops}, over two nodes that serve clients.
 */
class PrometheusIT {

	private static ConfigurableApplicationContext one;

	private static ConfigurableApplicationContext two;

	private static PrometheusServer prometheus;

	private static StompTestClient reader;

	@BeforeAll
	static void start() {
		one = node();
		two = node();
		prometheus = PrometheusServer.start(OperatingFiles.FOLDER.resolve("alerts.yml"),
				List.of(ChatNode.webPort(one), ChatNode.webPort(two)));
		reader = StompTestClient.connect(ChatNode.port(two), "ann");
		reader.subscribe("sub-0", "/topic/room.watched");
	}

	private static ConfigurableApplicationContext node() {
		return ChatNode.start(RedisServer.shared().port(), "management.endpoints.web.exposure.include=prometheus",
				"realtime.redis.prefix=prometheus");
	}

	@AfterAll
	static void close() {
		for (AutoCloseable each : new AutoCloseable[] { reader, prometheus, two, one }) {
			try {
				if (each != null) {
					each.close();
				}
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	@Test
	void aMessageIsSeenFromThePublisherToTheSubscribersNode() {
		SimpMessagingTemplate template = one.getBean(SimpMessagingTemplate.class);
		template.convertAndSend("/topic/room.watched", "hello");
		await().until(() -> !reader.seqs().isEmpty());

		await().untilAsserted(() -> {
			assertThat(value("sum(realtime_published_total{outcome=\"ok\"})")).isPositive();
			assertThat(value("sum(realtime_publish_seconds_count{rule=\"rooms\", outcome=\"ok\", instance=\"127.0.0.1:"
					+ ChatNode.webPort(one) + "\"})"))
				.isPositive();
			assertThat(value("sum(realtime_delivery_lag_seconds_count{rule=\"rooms\", instance=\"127.0.0.1:"
					+ ChatNode.webPort(two) + "\"})"))
				.isPositive();
			assertThat(value(
					"sum(realtime_relay_lag_seconds_count{instance=\"127.0.0.1:" + ChatNode.webPort(two) + "\"})"))
				.isPositive();
			assertThat(value("sum(realtime_broker_connected)")).isEqualTo(2);
			assertThat(value("sum(realtime_connections)")).isEqualTo(1);
		});
	}

	@Test
	void aTopicOfItsOwnAddsNoSeries() {
		SimpMessagingTemplate template = one.getBean(SimpMessagingTemplate.class);
		template.convertAndSend("/topic/room.first", "hello");
		await().until(() -> value("sum(realtime_publish_seconds_count{rule=\"rooms\"})") > 0);
		double before = series();
		double count = value("sum(realtime_publish_seconds_count{rule=\"rooms\"})");

		for (int i = 0; i < 200; i++) {
			template.convertAndSend("/topic/room.many-" + i, "hello");
		}

		await().until(() -> value("sum(realtime_publish_seconds_count{rule=\"rooms\"})") >= count + 200);
		assertThat(series()).isEqualTo(before);
	}

	@Test
	void aConnectionThatEndsIsCountedByWhy() {
		StompTestClient left = StompTestClient.connect(ChatNode.port(one), "bob");
		left.close();

		await().until(() -> value("sum(realtime_disconnects_total{reason=~\"client|disconnect\"})") > 0);
	}

	@Test
	void prometheusEvaluatesEachAlertAndEachPanel() {
		await().untilAsserted(() -> assertThat(prometheus.health()).isNotEmpty().containsOnly("ok"));
		await().untilAsserted(() -> assertThat(OperatingFiles.queries(PrometheusServer.JOB)
			.stream()
			.filter((query) -> !isOptional(query) && prometheus.query(query).isEmpty())).isEmpty());
	}

	/** Of the durable log, of what did not happen, and of samples. */
	private static boolean isOptional(String query) {
		return query.matches(".*(outbox|dead_letters|store_waiting|refused|loop_failures|pause|recovery|written).*");
	}

	/** How many series of publications there are: a histogram's for each rule. */
	private static double series() {
		return value("count({__name__=~\"realtime_(publish|delivery).*\", rule=~\"rooms|other\"})");
	}

	private static double value(String query) {
		return prometheus.query(query).stream().mapToDouble(Double::doubleValue).sum();
	}

}
