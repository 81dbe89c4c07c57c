package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.RealtimePublisher;
import dev.realtime.testing.RedisServer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a node without connections publishes is in the trace of what it does. */
class TracedPublisherNodeIT {

	@Test
	void aWorkersPublicationAndItsDeliveryOnAnotherNodeAreOneTrace() {
		try (RedisServer redis = RedisServer.startProcess();
				TracedNodes traced = new TracedNodes();
				ConfigurableApplicationContext node = traced.start(Nothing.class, "spring.data.redis.host=127.0.0.1",
						"spring.data.redis.port=" + redis.port());
				ConfigurableApplicationContext worker = worker(redis, traced);
				StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("s", "/topic/room.1");
			Observation.createNotStarted("nightly job", worker.getBean(ObservationRegistry.class))
				.observe(() -> worker.getBean(RealtimePublisher.class).publishAndWait("room.1", "done"));
			String position = ann.await("the message", StompFrame::isMessage).header("message-id");

			await().atMost(TracedNodes.SOON).untilAsserted(() -> {
				assertThat(traced.named("nightly job")).hasSize(1);
				OtlpReceiver.Span job = traced.named("nightly job").get(0);
				OtlpReceiver.Span publish = traced.span(job.traceId(), "publish rooms");
				assertThat(publish.parent()).isEqualTo(job.id());
				assertThat(publish.attributes()).containsEntry("messaging.message.id", position);
				assertThat(traced.span(job.traceId(), "store rooms").parent()).isEqualTo(publish.id());
				assertThat(traced.span(job.traceId(), "deliver rooms").parent()).isEqualTo(publish.id());
			});
		}
	}

	private static ConfigurableApplicationContext worker(RedisServer redis, TracedNodes traced) {
		List<String> properties = new ArrayList<>(traced.properties());
		properties.add("realtime.topics.rooms.pattern=room.*");
		return PublisherNodeIT.start(WebApplicationType.NONE, redis.port(), properties.toArray(String[]::new));
	}

	/** The node needs no more than it has. */
	static class Nothing {

	}

}
