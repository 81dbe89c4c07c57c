package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Sockets are taken over from HTTP/1.1 where the same port speaks HTTP/2, too. */
class BesideHttp2IT {

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

	@Test
	void theSamePortSpeaksHttp2AndHandsSocketsOver() throws IOException, InterruptedException {
		try (ConfigurableApplicationContext node = new SpringApplicationBuilder(Application.class)
			.bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "server.http2.enabled=true", "realtime.broker=memory",
					"realtime.security.anonymous=true", "realtime.servlet.transport=direct", "realtime.drain.spread=0s")
			.run()) {
			String address = "//localhost:" + node.getEnvironment().getRequiredProperty("local.server.port");

			CompletableFuture<String> answer = new CompletableFuture<>();
			WebSocket socket = CLIENT.newWebSocketBuilder()
				.buildAsync(URI.create("ws:" + address + "/realtime"), new First(answer))
				.join();
			socket.sendText("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0", true).join();
			assertThat(answer.orTimeout(20, TimeUnit.SECONDS).join()).startsWith("CONNECTED\n");

			HttpResponse<String> page = CLIENT.send(
					HttpRequest.newBuilder(URI.create("http:" + address + "/realtime/realtime-client.js")).build(),
					HttpResponse.BodyHandlers.ofString());
			assertThat(page.version()).isEqualTo(HttpClient.Version.HTTP_2);
			socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
		}
	}

	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	static class Application {

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
