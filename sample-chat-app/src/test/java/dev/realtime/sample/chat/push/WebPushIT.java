package dev.realtime.sample.chat.push;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.sample.chat.Notice;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.realtime.sample.chat.push.FakePushService.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * From a message in a room to the browser of a user who is away, over real HTTP: the push
 * service is one of this test, and so is the browser, which decrypts.
 */
@RealtimeTest(properties = { "spring.datasource.url=jdbc:h2:mem:push", "spring.data.redis.host=localhost",
		"chat.secret=a-secret-of-this-test-with-32-characters",
		"spring.autoconfigure.exclude=" + WebPushIT.SPRING_SECURITY })
class WebPushIT {

	/**
	 * On the class path of sample-boot4-tests for other tests, and not of the sample.
	 */
	static final String SPRING_SECURITY = "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration";

	/** Two questions of a second each, and a busy machine. */
	private static final Duration DELAY = Duration.ofSeconds(20);

	private static final FakePushService SERVICE = new FakePushService();

	private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

	private static final Pattern KEY = Pattern.compile("\\{\"publicKey\":\"([^\"]+)\"}");

	private final HttpClient http = HttpClient.newHttpClient();

	@Value("${local.server.port}")
	private int port;

	@Autowired
	private SimpMessagingTemplate template;

	@Autowired
	private PushStore store;

	@Autowired
	private Json json;

	@DynamicPropertySource
	static void pushesGoToThisTest(DynamicPropertyRegistry properties) {
		properties.add("chat.push.services", SERVICE::origin);
	}

	@AfterAll
	static void stop() {
		SERVICE.close();
	}

	@Test
	void whoIsAwayIsNotifiedAndWhoIsHereIsNot(RealtimeTestClient client) throws Exception {
		TestBrowser bobs = SERVICE.browser("/bob");
		register("Bob", bobs);
		register("Olga", SERVICE.browser("/olga"));
		RealtimeTestClient ann = client.asUser("Ann");
		client.asUser("Olga").subscribe("room.lobby");
		// Not in the inbox, so of no interest to a user who is away.
		this.template.convertAndSendToUser("Bob", "/queue/errors", Map.of("why", "The message is empty"));
		ann.send("/app/room/kitchen/say", Map.of("text", "Tea, @Olga, @Bob, @Nobody?"));
		FakePushService.Push first = push("/bob", 1);
		assertThat(bobs.decrypt(first.body())).contains("\"title\":\"Ann mentioned you in #kitchen\"",
				"\"text\":\"Tea, @Olga, @Bob, @Nobody?\"", "\"conversation\":\"kitchen\"", "\"unread\":1");
		assertThat(TestBrowser.claims(String.valueOf(first.header("Authorization")), key("Bob")))
			.contains("\"aud\":\"" + SERVICE.origin() + '"', "\"sub\":\"mailto:nobody@example.com\"");
		ann.send("/app/direct/Bob/say", Map.of("text", "Just you"));
		assertThat(bobs.decrypt(push("/bob", 2).body())).contains("\"title\":\"Ann wrote to you\"",
				"\"text\":\"Just you\"", "\"conversation\":\"@Ann\"", "\"unread\":2");
		assertThat(SERVICE.pushesAt("/bob")).hasSize(2);
		assertThat(SERVICE.pushesAt("/olga")).isEmpty();
	}

	@Test
	void aBrowserThatIsGoneGetsNothingMore(RealtimeTestClient client) throws Exception {
		register("Gil", SERVICE.browser("/gil", status(410)));
		client.asUser("Ann").send("/app/direct/Gil/say", Map.of("text", "Are you there?"));
		push("/gil", 1);
		await().atMost(DELAY).until(() -> this.store.subscriptionsOf("Gil").isEmpty());
	}

	@Test
	void whoSwitchesItOffGetsNothing() throws Exception {
		TestBrowser zoes = SERVICE.browser("/zoe");
		register("Zoe", zoes);
		assertThat(this.store.subscriptionsOf("Zoe")).containsExactly(zoes.subscription());
		assertThat(call("DELETE", token("Eve"), zoes.json()).statusCode()).isEqualTo(204);
		assertThat(this.store.subscriptionsOf("Zoe")).hasSize(1);
		assertThat(call("DELETE", token("Zoe"), zoes.json()).statusCode()).isEqualTo(204);
		assertThat(this.store.subscriptionsOf("Zoe")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://127.0.0.1:1/x", "https://169.254.169.254/latest/meta-data", "file:///etc/passwd",
			"https://fcm.googleapis.com/x", "http://user@127.0.0.1/x", "http://127.0.0.1" })
	void anEndpointElsewhereIsRefusedWithASentence(String endpoint) throws Exception {
		HttpResponse<String> answer = call("PUT", token("Eve"), new TestBrowser(endpoint).json());
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("\"detail\":\"The endpoint must be a");
		assertThat(this.store.subscriptionsOf("Eve")).isEmpty();
	}

	@Test
	void whatIsNoSubscriptionIsRefusedWithASentence() throws Exception {
		String eve = token("Eve");
		TestBrowser browser = SERVICE.browser("/eve");
		assertRefused(call("PUT", eve, "no json"), 400, "Send a subscription as JSON");
		assertRefused(call("PUT", eve, ""), 400, "Send a subscription as JSON");
		assertRefused(call("PUT", eve, "null"), 400, "Send a subscription as JSON");
		assertRefused(call("PUT", eve, "{\"endpoint\":\"" + browser.endpoint() + "\"}"), 400, "keys p256dh and auth");
		assertRefused(call("PUT", eve, browser.json().replace(browser.auth(), "AAAA")), 400, "auth must have 16 bytes");
		assertRefused(call("PUT", eve, browser.json().replace(browser.p256dh(), "B" + "A".repeat(86))), 400,
				"p256dh is not a point of the curve P-256");
		assertRefused(call("PUT", eve, browser.json() + " ".repeat(5_000)), 413, "at most 4,096 bytes");
		assertThat(this.store.subscriptionsOf("Eve")).isEmpty();
	}

	@Test
	void onlyLoggedInUsersHaveBrowsers() throws Exception {
		TestBrowser browser = SERVICE.browser("/nobody");
		for (String method : List.of("PUT", "DELETE")) {
			assertRefused(call(method, "", browser.json()), 401, "Log in to get notifications");
		}
		assertThat(send(request("GET", "/push/key", "", "")).statusCode()).isEqualTo(401);
		register("Max", browser);
		assertRefused(call("PUT", token("Eve"), new TestBrowser(browser.endpoint()).json()), 409,
				"registered with other keys");
		assertThat(this.store.subscriptionsOf("Max")).containsExactly(browser.subscription());
	}

	@Test
	void aPayloadIsShortWhateverWasSaid() {
		for (String text : List.of("a".repeat(5_000), "\u0001".repeat(5_000), "😀".repeat(5_000),
				"ü\"\\".repeat(5_000))) {
			PushPayload payload = PushPayload.of(new Notice("n".repeat(24), "r".repeat(32), text),
					OptionalLong.of(Long.MAX_VALUE));
			assertThat(payload.text().codePointCount(0, payload.text().length())).isEqualTo(PushPayload.MAX_TEXT);
			assertThat(payload.text()).endsWith("…").startsWith(text.substring(0, 100));
			assertThat(this.json.write(payload)).hasSizeLessThan(3_000);
		}
		assertThat(PushPayload.of(new Notice("Ann", null, "Hi"), OptionalLong.empty()))
			.isEqualTo(new PushPayload("Ann wrote to you", "Hi", "@Ann", null));
	}

	private static FakePushService.Push push(String path, int number) {
		await().atMost(DELAY).until(() -> SERVICE.pushesAt(path).size() >= number);
		return SERVICE.pushesAt(path).get(number - 1);
	}

	private void register(String user, TestBrowser browser) throws Exception {
		HttpResponse<String> answer = call("PUT", token(user), browser.json());
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
	}

	private String key(String user) throws Exception {
		return find(KEY, send(request("GET", "/push/key", token(user), "")).body());
	}

	private HttpResponse<String> call(String method, String token, String json) throws Exception {
		return send(request(method, "/push/subscription", token, json));
	}

	/** The sample's own login. */
	private String token(String user) throws Exception {
		return find(TOKEN, send(request("POST", "/chat/login", "", "{\"name\":\"" + user + "\"}")).body());
	}

	private HttpRequest request(String method, String path, String token, String json) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.header("Content-Type", "application/json")
			.header("Authorization", "Bearer " + token)
			.method(method, HttpRequest.BodyPublishers.ofString(json))
			.build();
	}

	private HttpResponse<String> send(HttpRequest request) throws Exception {
		return this.http.send(request, HttpResponse.BodyHandlers.ofString());
	}

	private static void assertRefused(HttpResponse<String> answer, int status, String sentence) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.body()).contains(sentence);
	}

	private static String find(Pattern wanted, String answer) {
		Matcher found = wanted.matcher(answer);
		assertThat(found.find()).as(answer).isTrue();
		return found.group(1);
	}

}
