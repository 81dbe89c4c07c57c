package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;
import org.springframework.web.socket.server.support.AbstractHandshakeHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What an application has overridden in its handshake handlers is asked as before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnHandshakesIT {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	private static final String HANDSHAKE = """
			GET /named?fails HTTP/1.1
			Host: localhost
			Upgrade: websocket
			Connection: Upgrade
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
			Sec-WebSocket-Version: 13

			""";

	@SuppressWarnings("NullAway.Init")
	private ConfigurableApplicationContext node;

	@BeforeAll
	void start() {
		this.node = new SpringApplicationBuilder(Application.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "realtime.broker=memory", "realtime.security.anonymous=true",
					"realtime.servlet.transport=direct", "realtime.drain.spread=0s")
			.run();
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void theUserIsTheHandlersAndTheSocketIsOurs() {
		assertThat(strategy("/named")).isInstanceOf(DirectUpgradeStrategy.class);
		assertThat(whoAmI("/named")).contains("\n\nada\0");
	}

	@Test
	void whatTheHandlerRefusesIsRefused() {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> connect("/named?foreign", new Texts()))
			.havingCause()
			.isInstanceOfSatisfying(WebSocketHandshakeException.class,
					(ex) -> assertThat(ex.getResponse().statusCode()).isEqualTo(403));
	}

	@ParameterizedTest
	@CsvSource({ "fails, 500", "refuses, 403" })
	void aFilterThatFailsAfterwardsHasTheLastWordAndTheConnectionEnds(String query, int status) throws IOException {
		String port = this.node.getEnvironment().getRequiredProperty("local.server.port");
		try (Socket socket = new Socket("localhost", Integer.parseInt(port))) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream()
				.write(HANDSHAKE.replace("fails", query).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
			InputStream answer = socket.getInputStream();
			assertThat(new String(answer.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 " + status);
			// Nothing of a WebSocket comes after the answer, such as the end of one that
			// nobody uses.
			assertThat(new String(answer.readAllBytes(), StandardCharsets.ISO_8859_1)).isNotEmpty()
				.doesNotContain("connect-timeout");
		}
	}

	@Test
	void aLastStepOfTheApplicationsOwnStays() {
		assertThat(strategy("/own-step")).isInstanceOf(OwnStep.class);
		assertThat(whoAmI("/own-step")).contains("\n\nnobody\0");
	}

	@Test
	void theStandardPathIsThere() {
		try (ConfigurableApplicationContext standard = new SpringApplicationBuilder(Application.class)
			.bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "realtime.broker=memory", "realtime.security.anonymous=true",
					"realtime.servlet.transport=standard", "realtime.drain.spread=0s")
			.run()) {
			assertThat(strategy(standard, "/named")).isNotInstanceOf(DirectUpgradeStrategy.class);
		}
	}

	private String whoAmI(String path) {
		Texts texts = new Texts();
		WebSocket socket = connect(path, texts);
		socket.sendText("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0", true).join();
		Awaitility.await().until(() -> texts.all().contains("CONNECTED"));
		socket.sendText("SUBSCRIBE\nid:s\ndestination:/topic/me\nreceipt:r\n\n\0", true).join();
		Awaitility.await().until(() -> texts.all().contains("receipt-id:r"));
		socket.sendText("SEND\ndestination:/app/who\n\n\0", true).join();
		Awaitility.await().until(() -> texts.all().contains("MESSAGE"));
		socket.abort();
		return texts.all();
	}

	private WebSocket connect(String path, Texts texts) {
		String port = this.node.getEnvironment().getRequiredProperty("local.server.port");
		return CLIENT.newWebSocketBuilder().buildAsync(URI.create("ws://localhost:" + port + path), texts).join();
	}

	private Object strategy(String path) {
		return strategy(this.node, path);
	}

	private static Object strategy(ConfigurableApplicationContext node, String path) {
		Object endpoint = node.getBean("stompWebSocketHandlerMapping", AbstractUrlHandlerMapping.class)
			.getHandlerMap()
			.get(path);
		assertThat(endpoint).isInstanceOf(WebSocketHttpRequestHandler.class);
		return ((AbstractHandshakeHandler) ((WebSocketHttpRequestHandler) endpoint).getHandshakeHandler())
			.getRequestUpgradeStrategy();
	}

	/** An application with its own endpoints. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@EnableWebSocketMessageBroker
	@Import({ Who.class, Failing.class })
	static class Application implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/named").setHandshakeHandler(new Named());
			registry.addEndpoint("/own-step").setHandshakeHandler(new DefaultHandshakeHandler(new OwnStep()));
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	/** Says who has sent the message. */
	@Controller
	static class Who {

		@MessageMapping("/who")
		@org.springframework.messaging.handler.annotation.SendTo("/topic/me")
		String who(SimpMessageHeaderAccessor headers) {
			Principal user = headers.getUser();
			return (user != null) ? user.getName() : "nobody";
		}

	}

	/** Lets a handshake succeed, and fails then. */
	static final class Failing implements Filter {

		@Override
		public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			chain.doFilter(request, response);
			String query = ((HttpServletRequest) request).getQueryString();
			if ("fails".equals(query)) {
				throw new ServletException("after the handshake, on purpose");
			}
			if ("refuses".equals(query)) {
				((HttpServletResponse) response).sendError(HttpServletResponse.SC_FORBIDDEN);
			}
		}

	}

	static final class Named extends DefaultHandshakeHandler {

		@Override
		protected Principal determineUser(ServerHttpRequest request, WebSocketHandler handler,
				Map<String, Object> attributes) {
			return () -> "ada";
		}

		@Override
		protected boolean isValidOrigin(ServerHttpRequest request) {
			return !"foreign".equals(request.getURI().getQuery());
		}

	}

	/** Any class that is not Spring's. */
	static final class OwnStep extends StandardWebSocketUpgradeStrategy {

	}

	/** What came. */
	private static final class Texts implements WebSocket.Listener {

		private final List<String> parts = new CopyOnWriteArrayList<>();

		String all() {
			return String.join("", this.parts);
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.parts.add(data.toString());
			socket.request(1);
			return null;
		}

	}

}
