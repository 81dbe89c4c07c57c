package dev.realtime.spring.compat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.HandshakeInterceptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that guards its endpoint's handshake has guarded the streams with it.
 */
class StreamHandshakeIT {

	private static final String SEND = "/realtime/send?destination=/app/tenant";

	private final ConfigurableApplicationContext node = PlainNode.start(OwnEndpoint.class, Tenants.class);

	@AfterEach
	void stop() {
		this.node.close();
	}

	@Test
	void anInterceptorMayGiveTheSessionAttributes() throws Exception {
		assertThat(post(SEND + "&tenant=a").statusCode()).isEqualTo(204);
		assertThat(this.node.getBean(Tenants.class).seen).containsExactly("a");
	}

	@Test
	void anInterceptorMayRefuse() throws Exception {
		HttpResponse<String> answer = post(SEND);
		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.body()).contains("\"reason\":\"handshake\"");
		assertThat(this.node.getBean(Tenants.class).seen).isEmpty();
	}

	@Test
	void theEndpointsOriginsAreTheStreams() throws Exception {
		assertThat(post(SEND + "&tenant=a", "Origin", "https://own.example").statusCode()).isEqualTo(204);
		HttpResponse<String> foreign = post(SEND + "&tenant=b", "Origin", "https://evil.example");
		assertThat(foreign.statusCode()).isEqualTo(403);
		assertThat(foreign.body()).contains("\"reason\":\"origin\"");
		assertThat(this.node.getBean(Tenants.class).seen).containsExactly("a");
	}

	private HttpResponse<String> post(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + ExistingApplication.port(this.node) + path))
			.POST(HttpRequest.BodyPublishers.ofString("x"));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	/** The application's own STOMP support. */
	@Configuration(proxyBeanMethods = false)
	@EnableWebSocketMessageBroker
	static class OwnEndpoint implements WebSocketMessageBrokerConfigurer, HandshakeInterceptor {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/own").setAllowedOriginPatterns("https://own.example").addInterceptors(this);
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic");
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Override
		public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Map<String, Object> attributes) {
			String query = String.valueOf(request.getURI().getQuery());
			int tenant = query.indexOf("tenant=");
			if (tenant >= 0) {
				attributes.put("tenant", query.substring(tenant + "tenant=".length()));
			}
			return tenant >= 0;
		}

		@Override
		public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				@Nullable Exception exception) {
		}

	}

	/** Notes whose session a message came from. */
	@Controller
	static class Tenants {

		final List<Object> seen = new CopyOnWriteArrayList<>();

		@MessageMapping("/tenant")
		void tenant(SimpMessageHeaderAccessor headers) {
			this.seen.add(Objects.requireNonNull(Objects.requireNonNull(headers.getSessionAttributes()).get("tenant")));
		}

	}

}
