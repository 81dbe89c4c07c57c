package dev.realtime.spring.journey;

import java.net.CookieManager;
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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The inspector's page, as browsers load it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InspectorPageIT {

	private static final String ENDPOINT = "/actuator/realtime";

	private static final String PAGE = ENDPOINT + "/inspector";

	private static final String BOTH = "management.endpoints.web.exposure.include=realtime,realtimesessions";

	private static final String ON = "realtime.inspector.enabled=true";

	/** What a browser sends for a page. */
	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

	private static final Pattern ADDRESS = Pattern.compile("(?:href|src)=\"([^\"#]+)\"|from '(\\./[^']+)'");

	private final ConfigurableApplicationContext node = ChatNode.startAlone(BOTH, ON);

	private final ConfigurableApplicationContext secured = InspectorNode.start("realtime.broker=memory");

	@AfterAll
	void stop() {
		this.node.close();
		this.secured.close();
	}

	@Test
	void thePageAndItsFilesAreServedWithTheirTypes() {
		HttpResponse<String> page = get(this.node, PAGE);
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(page.body()).contains("<title>Realtime inspector</title>");
		assertThat(get(this.node, PAGE + "/inspector.css").headers().firstValue("Content-Type"))
			.hasValue("text/css;charset=UTF-8");
		assertThat(get(this.node, PAGE + "/inspector.js").headers().firstValue("Content-Type"))
			.hasValue("text/javascript;charset=UTF-8");
	}

	@Test
	void thePageHasNoInlineScriptOrStyleAndUsesNoOtherSite() {
		String page = get(this.node, PAGE).body();
		assertThat(page).contains("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
			.doesNotContain("<style", " style=", "unsafe-", "//")
			.doesNotContainPattern(" on[a-z]+=");
		assertThat(Pattern.compile("<script([^>]*)>").matcher(page).results()).singleElement()
			.satisfies((script) -> assertThat(script.group(1)).contains(" src="));
		for (String script : List.of("inspector", "commands", "elements", "follow", "requests", "views")) {
			assertThat(get(this.node, PAGE + '/' + script + ".js").body())
				.doesNotContain("http:", "https:", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
				.doesNotContain("eval(");
		}
	}

	@Test
	void thePageIsSmall() {
		int size = List
			.of("", "/inspector.css", "/inspector.js", "/commands.js", "/elements.js", "/follow.js", "/requests.js",
					"/views.js")
			.stream()
			.mapToInt((file) -> get(this.node, PAGE + file).body().length())
			.sum();
		assertThat(size).isBetween(10_000, 60_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/nothing.js", "/inspector.html/more", "/..%2FInspectorPage.class", "/settings/more",
			"/realtime.js", "/inspector" })
	void noOtherFileIsServed(String path) {
		assertThat(get(this.node, PAGE + path).statusCode()).isIn(400, 404);
	}

	@ParameterizedTest
	@CsvSource({ "'',nodes", "/recent,events", "/top,topics", "/topics/room.1,policy", "/users/ann,connections" })
	void theEndpointAnswersAsWithoutThePage(String path, String member) {
		HttpResponse<String> answer = get(this.node, ENDPOINT + path);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).contains("json");
		assertThat(JsonParserFactory.getJsonParser().parseMap(answer.body())).containsKey(member);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/../../env", "..", "50%", "a;b=c", "x//y", "back\\slash", "<b>ann</b>", "ä ö & #" })
	void aUserWhoseNameNoPathCanCarryIsFound(String name) {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.node), name)) {
			assertThat(client.closeCode).isNull();
			HttpResponse<String> answer = get(this.node,
					ENDPOINT + "/users?name=" + UriUtils.encode(name, StandardCharsets.UTF_8));
			assertThat(JsonParserFactory.getJsonParser().parseMap(answer.body())).containsEntry("user", name)
				.extractingByKey("connections")
				.asInstanceOf(InstanceOfAssertFactories.LIST)
				.hasSize(1);
		}
		assertThat(get(this.node, ENDPOINT + "/users/ann?name=bob").statusCode()).isEqualTo(404);
	}

	@Test
	void aTopicShowsSomeOfItsSubscribers() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.node), "ann")) {
			ann.subscribe("s", "/topic/room.subscribed");
			await().untilAsserted(() -> assertThat(get(this.node, ENDPOINT + "/topics/room.subscribed").body())
				.contains("\"user\":\"ann\""));
		}
	}

	@Test
	void switchedOffThereIsNoPage() {
		try (ConfigurableApplicationContext other = ChatNode.startAlone(BOTH)) {
			for (String file : List.of("", "/inspector.js", "/settings")) {
				assertThat(get(other, PAGE + file).statusCode()).isEqualTo(404);
			}
			assertThat(get(other, ENDPOINT).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void withoutItsEndpointThereIsNoPage() {
		try (ConfigurableApplicationContext other = ChatNode
			.startAlone("management.endpoints.web.exposure.include=realtimesessions", ON)) {
			assertThat(get(other, PAGE).statusCode()).isEqualTo(404);
		}
		try (ConfigurableApplicationContext other = ChatNode.startAlone(BOTH, ON,
				"management.endpoint.realtime.access=none")) {
			assertThat(get(other, PAGE).statusCode()).isEqualTo(404);
		}
	}

	@Test
	void commandsAreOfferedOnlyIfTheirEndpointIsExposedWithItsWriteOperations() {
		assertThat(settings(this.node)).containsEntry("sessions", "../realtimesessions").doesNotContainKey("csrf");
		try (ConfigurableApplicationContext other = ChatNode
			.startAlone("management.endpoints.web.exposure.include=realtime", ON)) {
			assertThat(settings(other)).isEmpty();
		}
		try (ConfigurableApplicationContext other = ChatNode.startAlone(BOTH, ON,
				"management.endpoint.realtimesessions.access=read-only")) {
			assertThat(settings(other)).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.servlet.context-path=/chat", "spring.mvc.servlet.path=/mvc",
			"management.endpoints.web.base-path=/", "management.endpoints.web.base-path=/ops/actuator",
			"management.endpoints.web.path-mapping.realtime=live/fleet",
			"management.endpoints.web.path-mapping.realtime=/live/fleet",
			"management.endpoints.web.path-mapping.realtimesessions=live/sessions",
			"management.endpoints.web.path-mapping.realtimesessions=/live/sessions", "management.server.port=0" })
	void everyAddressOfThePageIsRightWhereverTheActuatorIs(String property) {
		String base = property.contains("context-path") ? "/chat/actuator" : property.contains("servlet.path")
				? "/mvc/actuator"
				: property.endsWith("base-path=/") ? "" : property.contains("/ops") ? "/ops/actuator" : "/actuator";
		String path = property.contains("live/fleet") ? "/live/fleet" : "/realtime";
		try (ConfigurableApplicationContext other = ChatNode.startAlone(BOTH, ON, property)) {
			String port = other.getEnvironment()
				.getProperty("local.management.port",
						Objects.requireNonNull(other.getEnvironment().getProperty("local.server.port")));
			URI page = URI.create("http://localhost:" + port + base + path + "/inspector");
			List<URI> files = addresses(page);
			assertThat(files).hasSize(2);
			List<URI> scripts = addresses(files.get(1));
			assertThat(scripts).hasSize(5);
			List<URI> all = new ArrayList<>(scripts);
			all.addAll(List.of(page, files.get(0), files.get(1)));
			for (URI each : all) {
				assertThat(send(each, null).statusCode()).as(each.toString()).isEqualTo(200);
			}
			Map<String, Object> settings = JsonParserFactory.getJsonParser()
				.parseMap(send(URI.create(page + "/settings"), null).body());
			URI sessions = page.resolve(String.valueOf(settings.get("sessions")));
			assertThat(send(sessions, null).body()).as(sessions.toString()).contains("\"blocked\"");
			if (property.contains("management.server.port")) {
				assertThat(get(other, PAGE).statusCode()).isEqualTo(404);
			}
		}
	}

	@Test
	void rule10_whoMayNotReadTheEndpointCannotLoadThePage() {
		for (String file : List.of("", "/inspector.css", "/inspector.js", "/views.js", "/follow.js", "/commands.js",
				"/settings", "/nothing")) {
			assertThat(as(null, PAGE + file).statusCode()).as(file).isEqualTo(401);
			assertThat(as(InspectorNode.USER, PAGE + file).statusCode()).as(file).isEqualTo(403);
		}
		assertThat(as(InspectorNode.READER, PAGE).statusCode()).isEqualTo(200);
		assertThat(as(null, "/inspector.js").statusCode()).isEqualTo(404);
	}

	@Test
	void rule10_aCommandNeedsTheTokenOfThePage() throws Exception {
		HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
		String settings = browser.send(request(PAGE + "/settings").build(), HttpResponse.BodyHandlers.ofString())
			.body();
		assertThat(JsonParserFactory.getJsonParser().parseMap(settings)).extractingByKey("csrf")
			.asInstanceOf(InstanceOfAssertFactories.map(String.class, String.class))
			.satisfies((csrf) -> {
				String path = "/actuator/realtimesessions/none";
				assertThat(
						browser.send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString()).statusCode())
					.isEqualTo(403);
				assertThat(browser
					.send(request(path).header(csrf.get("header"), csrf.get("token")).DELETE().build(),
							HttpResponse.BodyHandlers.ofString())
					.statusCode()).isEqualTo(200);
			});
	}

	@Test
	void commandsAreInTheAuditTrailWithTheOperator() throws Exception {
		HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
		Map<String, Object> settings = JsonParserFactory.getJsonParser()
			.parseMap(browser.send(request(PAGE + "/settings").build(), HttpResponse.BodyHandlers.ofString()).body());
		Map<?, ?> csrf = (Map<?, ?>) Objects.requireNonNull(settings.get("csrf"));
		HttpRequest resume = request("/actuator/realtimesessions/resume")
			.header(String.valueOf(csrf.get("header")), String.valueOf(csrf.get("token")))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"node\":\"nobody\"}"))
			.build();
		assertThat(browser.send(resume, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(404);
		assertThat(
				this.secured.getBean(AuditEventRepository.class).find(InspectorNode.OPERATOR, null, "REALTIME_COMMAND"))
			.filteredOn((event) -> "resume".equals(event.getData().get("command")))
			.singleElement()
			.satisfies((event) -> assertThat(event.getData()).containsEntry("node", "nobody")
				.containsEntry("outcome", "unknown"));
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + ChatNode.webPort(this.secured) + path))
			.header("Authorization", basic(InspectorNode.OPERATOR));
	}

	private HttpResponse<String> as(@Nullable String user, String path) {
		return as(ChatNode.webPort(this.secured), user, path);
	}

	static HttpResponse<String> as(int port, @Nullable String user, String path) {
		return send(URI.create("http://localhost:" + port + path), user);
	}

	private static Map<String, Object> settings(ConfigurableApplicationContext node) {
		return JsonParserFactory.getJsonParser().parseMap(get(node, PAGE + "/settings").body());
	}

	/** What a page or a script refers to. */
	private static List<URI> addresses(URI file) {
		return ADDRESS.matcher(send(file, null).body())
			.results()
			.map(InspectorPageIT::address)
			.filter((address) -> !address.startsWith("data:"))
			.map(file::resolve)
			.toList();
	}

	private static String address(MatchResult found) {
		return (found.group(1) != null) ? found.group(1) : found.group(2);
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext node, String path) {
		return send(URI.create("http://localhost:" + ChatNode.webPort(node) + path), null);
	}

	private static HttpResponse<String> send(URI uri, @Nullable String user) {
		String[] headers = (user != null) ? new String[] { "Accept", BROWSER, "Authorization", basic(user) }
				: new String[] { "Accept", BROWSER };
		return Polls.ask(uri, "GET", "", headers);
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder()
			.encodeToString((user + ':' + InspectorNode.PASSWORD).getBytes(StandardCharsets.UTF_8));
	}

}
