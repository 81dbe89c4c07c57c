package dev.realtime.spring.upgrade;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

/** A node on Tomcat that refuses a handshake if it cannot take the socket over. */
final class UpgradeNode implements AutoCloseable {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	UpgradeNode(Class<?> application, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.broker=memory",
				"realtime.security.anonymous=true", "realtime.drain.spread=0s", "realtime.servlet.transport=direct",
				"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false"));
		Collections.addAll(all, properties);
		this.context = new SpringApplicationBuilder(application).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	/** Opens a WebSocket and subscribes to a topic. */
	Client subscribed(String topic) {
		Client client = new Client();
		WebSocket socket = CLIENT.newWebSocketBuilder()
			.subprotocols("v12.stomp")
			.buildAsync(URI.create("ws://localhost:" + port() + "/realtime"), client)
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
		client.socket = socket;
		socket.sendText("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0", true).join();
		Awaitility.await().until(() -> client.text().contains("CONNECTED"));
		socket.sendText("SUBSCRIBE\nid:s\ndestination:/topic/" + topic + "\nreceipt:r\n\n\0", true).join();
		Awaitility.await().until(() -> client.text().contains("receipt-id:r"));
		return client;
	}

	/**
	 * Publishes more than a buffer of Tomcat's holds, and waits until the client has it.
	 */
	void deliver(String topic, Client client) {
		String text = "x".repeat(50_000) + client.parts.size();
		this.context.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/" + topic, text);
		Awaitility.await().until(() -> client.text().contains(text));
	}

	/** Sends frames one after the other, and waits for the answer to the last. */
	void send(Client client) {
		String receipt = "after-" + client.parts.size();
		for (int i = 0; i < 40; i++) {
			client.socket().sendText("UNSUBSCRIBE\nid:" + "y".repeat(500) + i + "\n\n\0", true).join();
		}
		client.socket().sendText("UNSUBSCRIBE\nid:none\nreceipt:" + receipt + "\n\n\0", true).join();
		Awaitility.await().until(() -> client.text().contains("receipt-id:" + receipt));
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** What came. */
	static final class Client implements WebSocket.Listener {

		private final List<String> parts = new CopyOnWriteArrayList<>();

		private @Nullable WebSocket socket;

		WebSocket socket() {
			WebSocket known = this.socket;
			if (known == null) {
				throw new IllegalStateException("Not connected");
			}
			return known;
		}

		String text() {
			return String.join("", this.parts);
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.parts.add(data.toString());
			webSocket.request(1);
			return null;
		}

	}

}
