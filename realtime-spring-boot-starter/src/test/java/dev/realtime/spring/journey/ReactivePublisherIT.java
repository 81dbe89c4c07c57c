package dev.realtime.spring.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import dev.realtime.RealtimePublisher;
import dev.realtime.spring.testing.BootAutoConfigurations;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/** An application with WebFlux, whose handlers publish. */
class ReactivePublisherIT {

	/** There where this module's own execution for this test adds it. */
	private static final String WEBFLUX = "org.springframework.web.reactive.DispatcherHandler";

	private static final String WITHOUT_SECURITY = "--spring.autoconfigure.exclude="
			+ String.join(",", BootAutoConfigurations.HIBERNATE) + ","
			+ "org.springframework.boot.autoconfigure.security.oauth2.client.reactive.ReactiveOAuth2ClientAutoConfiguration,"
			+ "org.springframework.boot.autoconfigure.security.oauth2.resource.reactive.ReactiveOAuth2ResourceServerAutoConfiguration,"
			+ "org.springframework.boot.autoconfigure.security.reactive.ReactiveUserDetailsServiceAutoConfiguration,"
			+ "org.springframework.boot.autoconfigure.security.reactive.ReactiveSecurityAutoConfiguration,"
			+ "org.springframework.boot.actuate.autoconfigure.security.reactive.ReactiveManagementWebSecurityAutoConfiguration";

	@Test
	void aReactiveApplicationPublishesToTheClientsOfNodes() throws Exception {
		Assumptions.assumeTrue(ClassUtils.isPresent(WEBFLUX, getClass().getClassLoader()), "WebFlux is not there");
		try (RedisServer redis = RedisServer.startProcess();
				ConfigurableApplicationContext node = ChatNode.start(redis.port());
				ConfigurableApplicationContext reactive = new SpringApplicationBuilder(PublisherNodeIT.Worker.class,
						Rooms.class)
					.bannerMode(Banner.Mode.OFF)
					.web(WebApplicationType.REACTIVE)
					.properties("realtime.role=publisher", "server.port=0", "spring.data.redis.host=127.0.0.1",
							"spring.data.redis.port=" + redis.port(), "spring.main.register-shutdown-hook=false")
					.run(WITHOUT_SECURITY);
				StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("s", "/topic/room.1");
			HttpResponse<String> answer = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create("http://localhost:" + ChatNode.webPort(reactive) + "/rooms/1"))
					.POST(HttpRequest.BodyPublishers.ofString("hello"))
					.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(answer.body()).as(answer.headers().toString()).isEqualTo("1");
			assertThat(ann.await("the message", StompFrame::isMessage).body()).isEqualTo("{\"text\":\"hello\"}");
		}
	}

	/** What becomes JSON. */
	record Said(String text) {
	}

	/** Publishes without blocking a thread of the server. */
	@RestController
	static class Rooms {

		private final RealtimePublisher publisher;

		Rooms(RealtimePublisher publisher) {
			this.publisher = publisher;
		}

		@PostMapping("/rooms/{room}")
		Mono<String> say(@PathVariable("room") String room, @RequestBody String text) {
			return Mono.fromCompletionStage(() -> this.publisher.publish("room." + room, new Said(text)))
				.map((receipt) -> Long.toString(receipt.position().seq()));
		}

	}

}
