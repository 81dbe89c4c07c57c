package dev.realtime.spring.compat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that is not at the root of its server. Each path leads to the same on
 * the port of the servlet container and on that of the Netty listener.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PathsIT {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext node = PlainNode.start(List.of("realtime.netty.port=0",
			"realtime.security.anonymous=true", "server.servlet.context-path=/shop", "spring.mvc.servlet.path=/api"),
			MoreEndpoints.class);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@CsvSource({ "/shop/api/realtime, true", "/shop/api/re%61ltime, true", "/sh%6fp/api/realtime, true",
			"/shop/api/realtime;a=b, true", "/shop/api/r%C3%A4ume, true", "/realtime, false", "/shop/realtime, false",
			"/api/realtime, false", "/shop/api/realtime%2F, false", "/shopapi/realtime, false" })
	void rule11_anEndpointHasTheSamePathOnBothPorts(String path, boolean found) {
		assertThat(opens(ExistingApplication.webPort(this.node), path)).as("servlet container").isEqualTo(found);
		assertThat(opens(ExistingApplication.port(this.node), path)).as("Netty listener").isEqualTo(found);
	}

	@ParameterizedTest
	@CsvSource({ "/shop/api/realtime/poll, 400", "/shop/api/realtime/p%6fll, 400", "/realtime/poll, 404",
			"/shop/realtime/poll, 404" })
	void rule11_aStreamHasTheSamePathOnBothPorts(String path, int status) throws Exception {
		assertThat(status(ExistingApplication.webPort(this.node), path)).as("servlet container").isEqualTo(status);
		assertThat(status(ExistingApplication.port(this.node), path)).as("Netty listener").isEqualTo(status);
	}

	private static boolean opens(int port, String path) {
		try {
			HTTP.newWebSocketBuilder()
				.subprotocols("v12.stomp")
				.buildAsync(URI.create("ws://localhost:" + port + path), new WebSocket.Listener() {
				})
				.orTimeout(20, TimeUnit.SECONDS)
				.join()
				.abort();
			return true;
		}
		catch (CompletionException ex) {
			return false;
		}
	}

	private static int status(int port, String path) throws IOException, InterruptedException {
		return HTTP
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
					HttpResponse.BodyHandlers.discarding())
			.statusCode();
	}

	/** An endpoint whose path every client encodes. */
	@Configuration(proxyBeanMethods = false)
	static class MoreEndpoints {

		@Bean
		WebSocketMessageBrokerConfigurer rooms() {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void registerStompEndpoints(StompEndpointRegistry registry) {
					registry.addEndpoint("/r\u00e4ume");
				}

			};
		}

	}

}
