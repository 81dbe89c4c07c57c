package dev.realtime.spring.asyncapi;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.spring.asyncapi.app.ChatApplication;
import dev.realtime.spring.asyncapi.app.SecuredApplication;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/** The document of an application, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AsyncApiIT {

	private static final String ON = "realtime.asyncapi.enabled=true";

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#/([^\"]+)\"");

	private @Nullable ConfigurableApplicationContext started;

	@BeforeAll
	void start() {
		this.started = ChatApplication.start(List.of(), ON);
	}

	@AfterAll
	void stop() {
		application().close();
	}

	@Test
	void isValidAndHasNoReferenceThatLeadsNowhere() {
		String json = get(application()).body();
		assertThat(AsyncApiSchema.problems(json)).isEmpty();
		Map<String, Object> document = parse(json);
		Matcher matcher = REFERENCE.matcher(json);
		int references = 0;
		while (matcher.find()) {
			assertThat(at(document, matcher.group(1).split("/", -1))).as(matcher.group()).isNotNull();
			references++;
		}
		assertThat(references).isGreaterThan(20);
	}

	@Test
	void describesTheTopicsOfPublishersAndEvents() {
		Map<String, Object> document = parse(get(application()).body());
		assertThat(addresses(document)).contains("/topic/room.{room}", "/topic/order.{orderId}",
				"/topic/warnings.{level_name}");
		assertThat(at(document, "operations", "RoomTopics.posted", "action")).isEqualTo("send");
		assertThat(at(document, "channels", "topic-room.room", "messages", "posted", "payload", "$ref"))
			.isEqualTo("#/components/schemas/ChatMessage");
		assertThat(at(document, "channels", "topic-order.orderId", "messages", "packed", "contentType"))
			.isEqualTo("application/json");
		assertThat(at(document, "channels", "topic-warnings.level_name", "messages", "Warning", "payload", "$ref"))
			.isEqualTo("#/components/schemas/Warning");
		assertThat(at(document, "channels", "topic-warnings.level_name", "parameters", "level_name", "description"))
			.isEqualTo("The property level.name of the payload");
	}

	@Test
	void describesHowTheTopicIsKeptAndThatClientsMaySendToIt() {
		Map<String, Object> document = parse(get(application()).body());
		assertThat(at(document, "channels", "topic-room.room", "x-realtime-topic", "historySize")).isEqualTo(50);
		assertThat(at(document, "operations", "RoomTopics.posted.clients", "action")).isEqualTo("receive");
		assertThat(at(document, "operations", "OrderPacked.clients")).isNull();
	}

	@Test
	void describesWhatClientsSendAndTheAnswers() {
		Map<String, Object> document = parse(get(application()).body());
		assertThat(at(document, "operations", "RoomController.say", "action")).isEqualTo("receive");
		String say = "app-rooms-room-say";
		assertThat(at(document, "channels", say, "address")).isEqualTo("/app/rooms/{room}/say");
		assertThat(at(document, "channels", say, "parameters", "room", "description")).isEqualTo("Matches [a-z]{1,9}");
		assertThat(at(document, "channels", say, "messages", "NewMessage", "headers", "properties"))
			.isEqualTo(Map.of("client", Map.of("type", "string"), "device", Map.of("type", "string")));
		assertThat(at(document, "channels", say, "messages", "NewMessage", "headers", "required"))
			.isEqualTo(List.of("client"));
		assertThat(at(document, "operations", "RoomController.say", "reply", "channel", "$ref"))
			.isEqualTo("#/channels/topic-room.room");
		assertThat(addresses(document)).contains("/app/rooms/leave", "/user/queue/rooms/whoami", "/topic/rooms/count");
		assertThat(at(document, "channels", "app-rooms-count", "messages", "byteArray", "contentType"))
			.isEqualTo("application/octet-stream");
		assertThat(at(document, "channels", "topic-rooms-count", "messages", "Integer", "payload"))
			.isEqualTo(Map.of("type", "integer"));
		assertThat(at(document, "channels", "user-queue-rooms-whoami", "messages", "String", "headers", "$ref"))
			.isEqualTo("#/components/schemas/realtime.answerHeaders");
	}

	@Test
	void describesTheAnswerToASubscribe() {
		Map<String, Object> document = parse(get(application()).body());
		assertThat(at(document, "operations", "RoomController.list", "action")).isEqualTo("send");
		assertThat(at(document, "channels", "app-rooms-list", "messages", "List", "payload", "items", "$ref"))
			.isEqualTo("#/components/schemas/Room");
	}

	@Test
	void describesPayloadsAsTheyAreWritten() {
		Map<String, Object> document = parse(get(application()).body());
		assertThat(at(document, "components", "schemas", "ChatMessage", "properties", "body", "type"))
			.isEqualTo("string");
		assertThat(at(document, "components", "schemas", "ChatMessage", "properties", "at", "format"))
			.isEqualTo("date-time");
		assertThat(at(document, "components", "schemas", "Mood", "enum")).isEqualTo(List.of("CALM", "LOUD"));
		assertThat(at(document, "components", "schemas", "ChatMessage", "required")).isEqualTo(List.of("author"));
		assertThat(at(document, "components", "schemas", "NewMessage", "properties"))
			.isEqualTo(Map.of("text", Map.of("type", "string")));
	}

	@Test
	void namesTheServerOfTheRequest() {
		Map<String, Object> document = parse(get(application()).body());
		int port = port(application());
		assertThat(at(document, "servers", "websocket", "host")).isEqualTo("localhost:" + port);
		assertThat(at(document, "servers", "websocket", "pathname")).isEqualTo("/realtime");
		assertThat(at(document, "servers", "websocket", "protocol")).isEqualTo("ws");
		assertThat(at(document, "info", "title")).isEqualTo("chat");
	}

	@Test
	void isTheSameEachTimeAndNotSentAgain() {
		HttpResponse<String> first = get(application());
		assertThat(first.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
		assertThat(get(application()).body()).isEqualTo(first.body());
		String tag = first.headers().firstValue("ETag").orElseThrow();
		assertThat(get(application(), "If-None-Match", "\"other\", " + tag).statusCode()).isEqualTo(304);
		assertThat(get(application(), "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
		try (ConfigurableApplicationContext second = ChatApplication.start(List.of(), ON)) {
			String body = get(second).body().replace(":" + port(second), ":" + port(application()));
			assertThat(body).isEqualTo(first.body());
		}
	}

	@Test
	void isOffByDefault() {
		try (ConfigurableApplicationContext off = ChatApplication.start(List.of())) {
			assertThat(get(off).statusCode()).isEqualTo(404);
			assertThat(off.getBeanNamesForType(AsyncApiDocument.class)).isEmpty();
		}
	}

	@Test
	void isReadByThoseWhomTheApplicationsFilterChainLetsThrough() {
		try (ConfigurableApplicationContext secured = SecuredApplication.start("ann", "secret")) {
			assertThat(get(secured, "Accept", "application/json").statusCode()).isEqualTo(401);
			String credentials = Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));
			HttpResponse<String> answer = get(secured, "Authorization", "Basic " + credentials);
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(AsyncApiSchema.problems(answer.body())).isEmpty();
		}
	}

	@Test
	void hasWhatPropertiesAndCustomizersSay() {
		try (ConfigurableApplicationContext other = ChatApplication.start(List.of(Customized.class), ON,
				"realtime.asyncapi.title=Chat & more", "realtime.asyncapi.version=7", "realtime.http.path=/rt",
				"realtime.asyncapi.server-url=wss://chat.example.com:8443/live", "realtime.asyncapi.description=Talk",
				"server.servlet.context-path=/ctx")) {
			HttpResponse<String> answer = get(other, "/ctx/rt/asyncapi.json");
			assertThat(AsyncApiSchema.problems(answer.body())).isEmpty();
			Map<String, Object> document = parse(answer.body());
			assertThat(document.get("info")).isEqualTo(
					Map.of("title", "Chat & more", "version", "7", "description", "Talk", "x-order", "first second"));
			assertThat(at(document, "servers", "websocket", "host")).isEqualTo("chat.example.com:8443");
			assertThat(at(document, "servers", "websocket", "pathname")).isEqualTo("/live");
			assertThat(at(document, "servers", "websocket", "protocol")).isEqualTo("wss");
			assertThat(document).doesNotContainKey("operations");
		}
	}

	@Test
	void namesThePathBelowTheContextPath() {
		try (ConfigurableApplicationContext other = ChatApplication.start(List.of(), ON,
				"server.servlet.context-path=/ctx")) {
			Map<String, Object> document = parse(get(other, "/ctx/realtime/asyncapi.json").body());
			assertThat(at(document, "servers", "websocket", "pathname")).isEqualTo("/ctx/realtime");
		}
	}

	@Test
	void servesNothingWhereACustomizerFailsUntilItDoesNot() {
		try (ConfigurableApplicationContext failing = ChatApplication.start(List.of(Failing.class), ON)) {
			Failing.fails = true;
			HttpResponse<String> answer = get(failing);
			assertThat(answer.statusCode()).isEqualTo(500);
			assertThat(answer.body()).contains("internal-error", "reference").doesNotContain("no secrets", "channels");
			Failing.fails = false;
			assertThat(get(failing).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void othersDoNotWaitForACustomizerThatHangs() throws Exception {
		try (ConfigurableApplicationContext hanging = ChatApplication.start(List.of(Hanging.class), ON)) {
			CompletableFuture<HttpResponse<String>> first = CLIENT
				.sendAsync(request(hanging, "/realtime/asyncapi.json").build(), HttpResponse.BodyHandlers.ofString());
			assertThat(Hanging.BEGUN.await(10, TimeUnit.SECONDS)).isTrue();
			HttpResponse<String> other = get(hanging);
			assertThat(other.statusCode()).isEqualTo(503);
			assertThat(other.headers().firstValue("Retry-After")).isPresent();
			Hanging.GO.countDown();
			assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
			assertThat(get(hanging).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void servesNothingThatIsTooLarge() {
		try (ConfigurableApplicationContext small = ChatApplication.start(List.of(), ON,
				"realtime.asyncapi.max-size=2KB")) {
			assertThat(get(small).statusCode()).isEqualTo(500);
		}
	}

	private ConfigurableApplicationContext application() {
		return Objects.requireNonNull(this.started);
	}

	private static int port(ConfigurableApplicationContext application) {
		return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext application) {
		return get(application, "/realtime/asyncapi.json");
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext application, String header, String value) {
		return send(request(application, "/realtime/asyncapi.json").header(header, value));
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext application, String path) {
		return send(request(application, path));
	}

	private static HttpRequest.Builder request(ConfigurableApplicationContext application, String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port(application) + path));
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, Object> parse(String json) {
		return JsonParserFactory.getJsonParser().parseMap(json);
	}

	private static Set<String> addresses(Map<String, Object> document) {
		Set<String> addresses = new TreeSet<>();
		for (Object channel : ((Map<?, ?>) Objects.requireNonNull(document.get("channels"))).values()) {
			addresses.add(String.valueOf(((Map<?, ?>) channel).get("address")));
		}
		return addresses;
	}

	private static @Nullable Object at(Map<String, Object> document, String... path) {
		Object value = document;
		for (String name : new ArrayList<>(List.of(path))) {
			value = (value instanceof Map<?, ?> map) ? map.get(name) : null;
		}
		return value;
	}

	/** Changes the document twice, in order. */
	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		@Order(2)
		AsyncApiCustomizer later() {
			return (document) -> {
				info(document).merge("x-order", "second", (one, other) -> one + " " + other);
				document.remove("operations");
			};
		}

		@Bean
		@Order(1)
		AsyncApiCustomizer sooner() {
			return (document) -> info(document).put("x-order", "first");
		}

		@SuppressWarnings("unchecked")
		private static Map<String, Object> info(Map<String, Object> document) {
			return (Map<String, Object>) Objects.requireNonNull(document.get("info"));
		}

	}

	/** Works until it is told to go on. */
	@Configuration(proxyBeanMethods = false)
	static class Hanging {

		static final CountDownLatch BEGUN = new CountDownLatch(1);

		static final CountDownLatch GO = new CountDownLatch(1);

		@Bean
		AsyncApiCustomizer hanging() {
			return (document) -> {
				BEGUN.countDown();
				try {
					assertThat(GO.await(30, TimeUnit.SECONDS)).isTrue();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			};
		}

	}

	/** Fails, with an error, as long as it is told to. */
	@Configuration(proxyBeanMethods = false)
	static class Failing {

		static volatile boolean fails;

		@Bean
		AsyncApiCustomizer failing() {
			return (document) -> {
				if (fails) {
					throw new AssertionError("no secrets");
				}
			};
		}

	}

}
