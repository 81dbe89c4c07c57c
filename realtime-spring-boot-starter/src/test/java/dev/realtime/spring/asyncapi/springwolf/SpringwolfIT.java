package dev.realtime.spring.asyncapi.springwolf;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.spring.asyncapi.AsyncApiSchema;
import dev.realtime.spring.asyncapi.app.ChatApplication;
import dev.realtime.spring.asyncapi.springwolf.app.EarlyReader;
import dev.realtime.spring.asyncapi.springwolf.app.NoteController;
import dev.realtime.spring.asyncapi.springwolf.app.StompScanners;
import dev.realtime.spring.asyncapi.springwolf.app.Trouble;
import dev.realtime.spring.publisher.DeclaredTopics;
import io.github.springwolf.core.asyncapi.AsyncApiCustomizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/** What Springwolf's document, over HTTP, has of realtime messages. */
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringwolfIT {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\"\\s*:\\s*\"#/([^\"]+)\"");

	private static final String MESSAGE = "realtime.topic.posted.dev.realtime.spring.asyncapi.app.ChatMessage";

	private static final String NOTES = "dev.realtime.spring.asyncapi.springwolf.app";

	private @Nullable ConfigurableApplicationContext started;

	@BeforeAll
	void start() {
		this.started = start(List.of(), "springwolf.docket.group-configs[0].group=rooms",
				"springwolf.docket.group-configs[0].channel-name-to-match[0]=/topic/room[.].*");
	}

	@AfterAll
	void stop() {
		application().close();
	}

	@Test
	void isValidAndHasNoReferenceThatLeadsNowhere() {
		String json = get(application(), "/springwolf/docs").body();
		assertThat(AsyncApiSchema.problems(json)).isEmpty();
		assertThat(references(json)).isGreaterThan(20);
	}

	@Test
	void describesTheTopicsOfPublishersAndEvents() {
		Map<String, Object> document = document(application());
		assertThat(addresses(document)).contains("/topic/room.{room}", "/topic/order.{orderId}",
				"/topic/warnings.{level_name}");
		String operation = "topic-room.room_send_RoomTopics.posted";
		assertThat(at(document, "operations", operation, "action")).isEqualTo("send");
		assertThat(at(document, "operations", operation, "bindings")).isEqualTo(Map.of("stomp", Map.of()));
		assertThat(at(document, "operations", operation, "messages"))
			.isEqualTo(List.of(Map.of("$ref", "#/channels/topic-room.room/messages/" + MESSAGE)));
		assertThat(at(document, "channels", "topic-room.room", "x-realtime-topic", "historySize")).isEqualTo(50);
		assertThat(at(document, "channels", "topic-warnings.level_name", "parameters", "level_name", "description"))
			.isEqualTo("The property level.name of the payload");
		assertThat(at(document, "operations", "topic-room.room_receive_RoomTopics.posted.clients", "action"))
			.isEqualTo("receive");
	}

	@Test
	void describesPayloadsAndHeadersWithExamples() {
		Map<String, Object> document = document(application());
		Object payload = at(document, "components", "messages", MESSAGE, "payload", "schema", "$ref");
		assertThat(payload).isEqualTo("#/components/schemas/dev.realtime.spring.asyncapi.app.ChatMessage");
		Map<String, Object> schema = object(document, "components", "schemas",
				"dev.realtime.spring.asyncapi.app.ChatMessage");
		assertThat(at(schema, "properties", "body", "type")).isEqualTo("string");
		assertThat(schema.get("examples")).asString().contains("author", "body");
		assertThat(at(document, "components", "messages", MESSAGE, "title")).isEqualTo("posted");
		assertThat(at(document, "components", "messages", MESSAGE, "headers", "$ref"))
			.isEqualTo("#/components/schemas/realtime.messageHeaders.posted");
		Map<String, Object> headers = object(document, "components", "schemas", "realtime.messageHeaders.posted");
		assertThat(headers.get("type")).isEqualTo("object");
		assertThat(at(headers, "properties", "type", "enum")).isEqualTo(List.of("posted"));
		assertThat(at(headers, "properties", "seq", "type")).isEqualTo("string");
		assertThat(headers.get("examples")).asString().contains("type=posted");
	}

	@Test
	void describesWhatClientsSendAndTheAnswers() {
		Map<String, Object> document = document(application());
		String say = "app-rooms-room-say_receive_RoomController.say";
		assertThat(at(document, "operations", say, "description"))
			.isEqualTo("A client's SEND calls RoomController.say");
		assertThat(at(document, "operations", say, "reply", "channel", "$ref")).isEqualTo("#/channels/topic-room.room");
		String message = "realtime.app.dev.realtime.spring.asyncapi.app.NewMessage";
		assertThat(at(document, "components", "schemas", message + ".headers", "properties", "client", "description"))
			.isEqualTo("Required");
		assertThat(addresses(document)).contains("/app/rooms/leave", "/user/queue/rooms/whoami", "/topic/rooms/count");
		assertThat(at(document, "components", "messages", "realtime.app.byte_", "payload", "schema"))
			.isEqualTo(Map.of("type", "string", "format", "binary"));
		assertThat(at(document, "operations", "app-rooms-list_send_RoomController.list", "action")).isEqualTo("send");
	}

	@Test
	void channelsNameTheServersForStomp() {
		assertThat(at(document(application()), "channels", "topic-room.room", "servers"))
			.isEqualTo(List.of(Map.of("$ref", "#/servers/site")));
	}

	@Test
	void groupsHaveWhatTheySelect() {
		Map<String, Object> document = parse(get(application(), "/springwolf/docs/rooms").body());
		assertThat(addresses(document)).containsExactly("/topic/room.{room}");
		assertThat(object(document, "components", "schemas")).containsKeys("realtime.messageHeaders.posted",
				"dev.realtime.spring.asyncapi.app.ChatMessage");
	}

	@Test
	void doesNotNeedTheDocumentOfTheStarter() {
		assertThat(get(application(), "/realtime/asyncapi.json").statusCode()).isEqualTo(404);
	}

	@Test
	void isLeftAsItIsWhereThatIsSwitchedOff() {
		try (ConfigurableApplicationContext off = start(List.of(), "realtime.asyncapi.springwolf=false")) {
			assertThat(object(document(off), "channels")).isEmpty();
			assertThat(off.getBeanNamesForType(AsyncApiCustomizer.class)).isEmpty();
			assertThat(off.getBeanNamesForType(DeclaredTopics.class)).isEmpty();
		}
	}

	@Test
	void nothingIsAddedWhereSpringwolfIsSwitchedOff() {
		try (ConfigurableApplicationContext off = start(List.of(), "springwolf.enabled=false")) {
			assertThat(off.getBeanNamesForType(AsyncApiCustomizer.class)).isEmpty();
			assertThat(get(off, "/springwolf/docs").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void whatCannotBeDescribedIsLeftOutAndLogged(CapturedOutput output) {
		try (ConfigurableApplicationContext troubled = start(List.of(Trouble.class))) {
			String json = get(troubled, "/springwolf/docs").body();
			assertThat(AsyncApiSchema.problems(json)).isEmpty();
			references(json);
			Map<String, Object> document = parse(json);
			assertThat(at(document, "operations", Trouble.TAKEN, "channel", "$ref")).isEqualTo("#/channels/others");
			assertThat(at(document, "operations", Trouble.TAKEN + "_2", "channel", "$ref"))
				.isEqualTo("#/channels/topic-room.room");
			assertThat(object(document, "channels", "topic-room.room", "messages")).containsOnlyKeys(MESSAGE,
					MESSAGE.replace(".posted", ""), "realtime.topic." + NOTES + ".Trouble_Notice");
			assertThat(object(document, "channels", "topic-order.orderId")).doesNotContainKey("x-realtime-topic");
			assertThat(at(document, "components", "messages", "realtime.topic." + NOTES + ".Trouble_Unreadable",
					"payload", "schema", "title"))
				.isEqualTo("Unreadable");
			assertThat(addresses(document)).contains("/topic/unreadable").doesNotContain("/topic/unlucky");
			assertThat(output.getAll()).contains("describes " + NOTES + ".Trouble$Unreadable without its properties",
					"leaves out Announcer.unlucky at /topic/unlucky", "the policy of /topic/order.{orderId}");
		}
	}

	@Test
	void methodsThatThePluginListsAreNotListedTwice() {
		try (ConfigurableApplicationContext beside = plugin("stomp.app=/app")) {
			Map<String, Object> document = document(beside);
			assertThat(object(document, "operations")).containsKeys("_app_notes_add_receive_add",
					"_app_notes_remove_receive_remove", "_app_notes_rate_receive_rate",
					"app-notes_send_NoteController.all", "topic-notes-rate_send_NoteController.rate.reply",
					"topic-room.room_send_RoomTopics.posted");
			assertThat(operations(document, "NoteController.add", "NoteController.remove", "NoteController.rate"))
				.containsExactly("topic-notes-rate_send_NoteController.rate.reply");
		}
	}

	@Test
	void thePluginNeedNotKnowTheApplicationsPrefix() {
		try (ConfigurableApplicationContext beside = plugin()) {
			Map<String, Object> document = document(beside);
			assertThat(object(document, "operations")).containsKey("_notes_add_receive_add");
			assertThat(operations(document, "NoteController.add", "NoteController.remove")).isEmpty();
		}
	}

	@Test
	void methodsThatThePluginCannotReadAreListed() {
		try (ConfigurableApplicationContext beside = start(List.of(StompScanners.class))) {
			assertThat(object(document(beside), "operations")).doesNotContainKey("_leave_receive_leave")
				.containsKeys("app-rooms-leave_receive_RoomController.leave",
						"app-rooms-room-say_receive_RoomController.say");
		}
	}

	@Test
	void aDocumentThatIsMadeTooSoonGoesWithoutRealtimeMessages(CapturedOutput output) {
		try (ConfigurableApplicationContext early = start(List.of(EarlyReader.class))) {
			assertThat(EarlyReader.BROKER_WAS_MADE.get()).isFalse();
			assertThat(object(document(early), "channels")).isEmpty();
			assertThat(output.getAll()).contains("it was asked for before all beans of the application were made");
		}
	}

	@Test
	void isCompleteInTheBackgroundAndWithLazyBeans() {
		try (ConfigurableApplicationContext lazy = start(List.of(Renaming.class), "springwolf.init-mode=background",
				"spring.main.lazy-initialization=true", "realtime.asyncapi.server-url=wss://chat.example.com/live",
				"springwolf.docket.servers.site.protocol=kafka")) {
			Map<String, Object> document = document(lazy);
			assertThat(addresses(document)).contains("/topic/room.{room}", "/app/rooms/leave");
			assertThat(at(document, "servers", "realtime"))
				.isEqualTo(Map.of("host", "chat.example.com", "pathname", "/live", "protocol", "wss", "description",
						"STOMP 1.2 over WebSocket, with the subprotocol v12.stomp"));
			assertThat(at(document, "channels", "topic-room.room", "servers"))
				.isEqualTo(List.of(Map.of("$ref", "#/servers/realtime")));
			assertThat(at(document, "channels", "topic-room.room", "title")).isEqualTo("Rooms");
		}
	}

	private ConfigurableApplicationContext application() {
		return Objects.requireNonNull(this.started);
	}

	private static ConfigurableApplicationContext start(List<Class<?>> more, String... properties) {
		return run(more, "dev.realtime.spring.asyncapi.app", properties);
	}

	private static ConfigurableApplicationContext plugin(String... properties) {
		return run(List.of(StompScanners.class, NoteController.class), NOTES, properties);
	}

	private static ConfigurableApplicationContext run(List<Class<?>> more, String basePackage, String... properties) {
		List<String> all = new ArrayList<>(List.of("springwolf.docket.base-package=" + basePackage,
				"springwolf.docket.info.title=Chat", "springwolf.docket.info.version=1",
				"springwolf.docket.servers.site.host=chat.example.com", "springwolf.docket.servers.site.protocol=wss",
				"springwolf.docket.servers.other.host=kafka", "springwolf.docket.servers.other.protocol=kafka"));
		all.addAll(List.of(properties));
		return ChatApplication.start(more, all.toArray(String[]::new));
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext application, String path) {
		int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Accept", "application/json")
			.timeout(Duration.ofSeconds(20))
			.build();
		try {
			return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, Object> document(ConfigurableApplicationContext application) {
		HttpResponse<String> answer = get(application, "/springwolf/docs");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return parse(answer.body());
	}

	private static Map<String, Object> parse(String json) {
		return JsonParserFactory.getJsonParser().parseMap(json);
	}

	/** Follows them, and returns their number. */
	private static int references(String json) {
		Map<String, Object> document = parse(json);
		Matcher matcher = REFERENCE.matcher(json);
		int references = 0;
		while (matcher.find()) {
			assertThat(at(document, matcher.group(1).split("/", -1))).as(matcher.group()).isNotNull();
			references++;
		}
		return references;
	}

	private static Set<String> addresses(Map<String, Object> document) {
		Set<String> addresses = new TreeSet<>();
		object(document, "channels").values()
			.forEach((channel) -> addresses.add(String.valueOf(((Map<?, ?>) channel).get("address"))));
		return addresses;
	}

	/** The names of the operations that name one of the methods. */
	private static Set<String> operations(Map<String, Object> document, String... methods) {
		Set<String> names = new TreeSet<>(object(document, "operations").keySet());
		names.removeIf((name) -> List.of(methods).stream().noneMatch(name::contains));
		return names;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> object(Map<String, Object> document, String... path) {
		return (Map<String, Object>) Objects.requireNonNull(at(document, path), () -> String.join("/", path));
	}

	private static @Nullable Object at(Map<String, Object> document, String... path) {
		Object value = document;
		for (String name : path) {
			value = (value instanceof Map<?, ?> map) ? map.get(name) : null;
		}
		return value;
	}

	/** Changes what the starter has added. */
	@Configuration(proxyBeanMethods = false)
	static class Renaming {

		@Bean
		AsyncApiCustomizer renaming() {
			return (document) -> Objects.requireNonNull(document.getChannels().get("topic-room.room"))
				.setTitle("Rooms");
		}

	}

}
