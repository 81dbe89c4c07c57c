package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import dev.realtime.spring.testing.Keystores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/** WebSockets come by HTTP/1.1 where the same port speaks HTTP/2, too. */
class BesideHttp2IT {

	private static final String CONNECT = "CONNECT\naccept-version:1.2\nhost:localhost\n\n\0";

	private static final boolean TOMCAT = ClassUtils.isPresent("org.apache.catalina.startup.Tomcat", null);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	static Path folder;

	@Test
	void theSamePortSpeaksHttp2AndHandsSocketsOver() throws IOException, InterruptedException {
		try (ConfigurableApplicationContext node = start("realtime.servlet.transport=direct")) {
			HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
			assertThat(answer(client, "ws://localhost:" + port(node) + "/realtime", CONNECT)).startsWith("CONNECTED\n");
			HttpResponse<String> page = ask(client,
					HttpRequest.newBuilder(URI.create("http://localhost:" + port(node) + "/realtime/info")).build());
			assertThat(page.version()).isEqualTo(HttpClient.Version.HTTP_2);
		}
	}

	/** By ALPN; the socket is ours, and SockJS is on the container's WebSocket. */
	@ParameterizedTest
	@ValueSource(strings = { "direct", "standard" })
	void overTlsEachClientGetsWhatItSpeaks(String transport) throws Exception {
		Path store = Keystores.create(folder, transport);
		HttpClient client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_2)
			.sslContext(Keystores.trust(store))
			.build();
		try (ConfigurableApplicationContext node = start(withTls(store, transport))) {
			String address = "//localhost:" + port(node);
			HttpResponse<String> info = ask(client,
					HttpRequest.newBuilder(URI.create("https:" + address + "/sockjs/info")).build());
			assertThat(info.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(info.body()).contains("\"websocket\":true");
			HttpResponse<String> opened = ask(client,
					HttpRequest.newBuilder(URI.create("https:" + address + "/sockjs/000/polls/xhr"))
						.POST(HttpRequest.BodyPublishers.noBody())
						.build());
			assertThat(opened.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(opened.body()).isEqualTo("o\n");
			assertThat(answer(client, "wss:" + address + "/sockjs/000/sockets/websocket", null)).isEqualTo("o");
			assertThat(answer(client, "wss:" + address + "/realtime", CONNECT)).startsWith("CONNECTED\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "auto", "standard" })
	void aWebSocketWithinHttp2IsRefusedAtOnceOrWorks(String transport) throws Exception {
		try (ConfigurableApplicationContext node = start("realtime.servlet.transport=" + transport)) {
			for (String path : List.of("/realtime", "/sockjs/000/within/websocket")) {
				try (Http2Connection client = new Http2Connection(new Socket("localhost", port(node)))) {
					assertRefusedOrWorks(client, "http", path, transport);
				}
			}
			HttpClient client = HttpClient.newHttpClient();
			assertThat(answer(client, "ws://localhost:" + port(node) + "/realtime", CONNECT)).startsWith("CONNECTED\n");
		}
	}

	@Test
	void overTlsAWebSocketWithinHttp2IsRefusedAtOnceOrWorks() throws Exception {
		Path store = Keystores.create(folder, "within");
		SSLContext trust = Keystores.trust(store);
		try (ConfigurableApplicationContext node = start(withTls(store, "auto"));
				SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("localhost", port(node))) {
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setApplicationProtocols(new String[] { "h2" });
			socket.setSSLParameters(parameters);
			socket.startHandshake();
			assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
			try (Http2Connection client = new Http2Connection(socket)) {
				assertRefusedOrWorks(client, "https", "/realtime", "auto");
			}
		}
	}

	/**
	 * Jetty's own WebSocket knows how; Tomcat's and SockJS do not, and no socket is
	 * handed over.
	 */
	private static void assertRefusedOrWorks(Http2Connection client, String scheme, String path, String transport)
			throws IOException {
		String answer = client.askForWebSocket(scheme, path);
		if (TOMCAT || transport.equals("direct") || path.startsWith("/sockjs")) {
			assertThat(answer).isIn("reset", "refused");
		}
		else {
			assertThat(answer).isEqualTo("opened");
			assertThat(client.answer(CONNECT)).contains("CONNECTED");
		}
	}

	private static String[] withTls(Path store, String transport) {
		return new String[] { "realtime.servlet.transport=" + transport, "server.ssl.key-store=" + store.toUri(),
				"server.ssl.key-store-password=" + Keystores.PASSWORD };
	}

	private static ConfigurableApplicationContext start(String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "server.http2.enabled=true",
				"realtime.broker=memory", "realtime.security.anonymous=true", "realtime.drain.spread=0s"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(Application.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	private static int port(ConfigurableApplicationContext node) {
		return node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static HttpResponse<String> ask(HttpClient client, HttpRequest request)
			throws IOException, InterruptedException {
		return client.send(request, HttpResponse.BodyHandlers.ofString());
	}

	/** Returns the first text that comes, after this one was said. */
	private static String answer(HttpClient client, String address, @Nullable String said) {
		CompletableFuture<String> answer = new CompletableFuture<>();
		WebSocket socket = client.newWebSocketBuilder().buildAsync(URI.create(address), new First(answer)).join();
		if (said != null) {
			socket.sendText(said, true).join();
		}
		String first = answer.orTimeout(20, TimeUnit.SECONDS).join();
		socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
		return first;
	}

	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@EnableWebSocketMessageBroker
	static class Application implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/realtime");
			registry.addEndpoint("/sockjs").withSockJS();
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic");
		}

	}

	/** Keeps the first text. */
	private record First(CompletableFuture<String> answer) implements WebSocket.Listener {

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.answer.complete(data.toString());
			socket.request(1);
			return null;
		}

	}

}
