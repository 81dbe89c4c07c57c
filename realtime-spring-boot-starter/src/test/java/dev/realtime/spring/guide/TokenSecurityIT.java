package dev.realtime.spring.guide;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The guide's application locks every door, on both ports. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenSecurityIT {

	private static final String PAGE = "https://app.example.com";

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(TokenNode.class)
		.properties("server.port=0", "realtime.netty.port=0", "realtime.broker=memory",
				"realtime.allowed-origins=" + PAGE, "realtime.topics.rooms.pattern=room.*",
				"realtime.topics.rooms.presence=true", "realtime.drain.spread=0s",
				"spring.main.register-shutdown-hook=false")
		.run();

	@AfterAll
	void stop() {
		this.node.close();
	}

	Stream<Integer> ports() {
		return Stream.of(port("local.server.port"), port("local.realtime.netty.port"));
	}

	@ParameterizedTest
	@MethodSource("ports")
	void aMemberReadsAndWrites(int port) {
		try (GuideClient ann = GuideClient.open(port, Map.of())) {
			ann.ask(connect("Authorization:Bearer " + TokenNode.token("ann") + '\n'), "user-name:ann");
			ann.ask("SUBSCRIBE\nid:s\ndestination:/topic/room.42\nreceipt:live\n\n", "receipt-id:live");
			ann.ask("SEND\ndestination:/app/room/42/say\n\nhello " + port, "hello " + port);
		}
	}

	@ParameterizedTest
	@MethodSource("ports")
	void withoutATokenNobodyConnects(int port) {
		try (GuideClient nobody = GuideClient.open(port, Map.of())) {
			nobody.ask(connect(""), "ERROR");
		}
		try (GuideClient forger = GuideClient.open(port, Map.of())) {
			forger.ask(connect("Authorization:Bearer forged\n"), "The token is not valid");
		}
	}

	@ParameterizedTest
	@MethodSource("ports")
	void strangersAreRefused(int port) {
		try (GuideClient eve = GuideClient.open(port, Map.of())) {
			eve.ask(connect("Authorization:Bearer " + TokenNode.token("eve") + "\nrealtime:1\n"), "CONNECTED");
			eve.ask("SUBSCRIBE\nid:a\ndestination:/topic/room.42\n\n", "subscription-id:a");
			eve.ask("SUBSCRIBE\nid:b\ndestination:/topic/_presence.room.42\n\n", "subscription-id:b");
			assertThat(eve.ask("SEND\ndestination:/app/room/42/say\nreceipt:c\n\nhello", "receipt-id:c"))
				.doesNotContain("hello");
		}
	}

	@ParameterizedTest
	@MethodSource("ports")
	void streamsHaveTheSameLocks(int port) throws Exception {
		assertThat(get(port, "/realtime/poll?topic=room.42&timeout=1000", null).statusCode()).isEqualTo(401);
		assertThat(get(port, "/realtime/poll?topic=room.42", TokenNode.token("ann")).body()).contains("subscribed");
		assertThat(get(port, "/realtime/poll?topic=room.42", TokenNode.token("eve")).body()).contains("denied");
	}

	@Test
	void historyAndMembersHaveTheSameLocks() throws Exception {
		int port = port("local.server.port");
		for (String path : new String[] { "/realtime/topics/room.42/messages", "/realtime/topics/room.42/presence" }) {
			assertThat(get(port, path, null).statusCode()).isEqualTo(401);
			assertThat(get(port, path, TokenNode.token("ann")).statusCode()).isEqualTo(200);
			assertThat(get(port, path, TokenNode.token("eve")).statusCode()).isEqualTo(403);
		}
		assertThat(get(port, "/realtime/topics/audit/messages", TokenNode.token("ann")).statusCode()).isEqualTo(403);
	}

	@Test
	void pagesOfTheAllowedOriginMayAsk() throws Exception {
		assertThat(preflight(PAGE).headers().firstValue("Access-Control-Allow-Origin")).contains(PAGE);
		assertThat(preflight("https://evil.example.com").statusCode()).isEqualTo(403);
	}

	@Test
	void pagesOfTheAllowedOriginMayImportTheClient() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri(port("local.server.port"), "/realtime/realtime-client.js"))
			.header("Origin", PAGE)
			.build();
		HttpResponse<String> client = this.http.send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(client.statusCode()).isEqualTo(200);
		assertThat(client.headers().firstValue("Access-Control-Allow-Origin")).contains(PAGE);
	}

	private HttpResponse<String> preflight(String origin) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri(port("local.server.port"), "/realtime/send"))
			.method("OPTIONS", HttpRequest.BodyPublishers.noBody())
			.header("Origin", origin)
			.header("Access-Control-Request-Method", "POST")
			.header("Access-Control-Request-Headers", "authorization")
			.build();
		return this.http.send(request, HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> get(int port, String path, @Nullable String token)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri(port, path));
		if (token != null) {
			request.header("Authorization", "Bearer " + token);
		}
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static URI uri(int port, String path) {
		return URI.create("http://localhost:" + port + path);
	}

	private static String connect(String credentials) {
		return "CONNECT\naccept-version:1.2\nhost:localhost\n" + credentials + '\n';
	}

	private int port(String property) {
		return Integer.parseInt(Objects.requireNonNull(this.node.getEnvironment().getProperty(property)));
	}

}
