package dev.realtime.spring.web;

import java.net.URI;
import java.util.List;

import dev.realtime.Content;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.presence.Presence;
import dev.realtime.spring.security.TopicAccess;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;
import dev.realtime.spring.testing.BootAutoConfigurations;
import dev.realtime.spring.testing.FakeBroker;
import dev.realtime.spring.testing.FakeLog;
import dev.realtime.spring.testing.FakePresence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

class RealtimeWebAutoConfigurationTests {

	private static final String MESSAGES = "/realtime/topics/room.42/messages";

	private final FakeLog log = new FakeLog();

	private final FakePresence presence = new FakePresence();

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(BootAutoConfigurations.webMvcAnd(TopicAccessAutoConfiguration.class,
				RealtimeWebAutoConfiguration.class))
		.withBean(Broker.class, () -> new FakeBroker(this.log))
		.withBean(Presence.class, () -> this.presence)
		.withBean(TopicPolicies.class,
				() -> (topic) -> TopicPolicy.builder().presence(topic.name().startsWith("room.")).build());

	@Test
	void givesThePageAfterAPosition() {
		fill(5);
		http((mvc) -> {
			MvcTestResult result = get(mvc, MESSAGES + "?epoch=E&after=1&limit=2");
			assertThat(result).hasStatusOk().hasContentType(MediaType.APPLICATION_JSON);
			assertThat(result).hasHeader(HttpHeaders.CACHE_CONTROL, "no-store");
			assertThat(result).bodyText().isEqualTo("""
					{"topic":"room.42","epoch":"E","messages":[\
					{"seq":2,"timestamp":1000,"headers":{},"contentType":"application/json","payload":{"n":2}},\
					{"seq":3,"timestamp":1000,"headers":{},"contentType":"application/json","payload":{"n":3}}],\
					"through":3,"latest":5,"hasMore":true}""");
		});
	}

	@Test
	void givesHistoryBeforeAPositionAndTheLatestWithout() {
		fill(5);
		http((mvc) -> {
			assertThat(get(mvc, MESSAGES + "?epoch=E&before=4&limit=2")).bodyJson()
				.extractingPath("$.messages[*].seq")
				.asArray()
				.containsExactly(2, 3);
			assertThat(get(mvc, MESSAGES + "?before=3&limit=1")).bodyJson()
				.extractingPath("$.messages[*].seq")
				.asArray()
				.containsExactly(2);
			assertThat(get(mvc, MESSAGES + "?limit=2&epoch=&after=")).bodyJson()
				.extractingPath("$.messages[*].seq")
				.asArray()
				.containsExactly(4, 5);
			assertThat(get(mvc, MESSAGES)).bodyJson().extractingPath("$.hasMore").isEqualTo(false);
		});
	}

	@Test
	void cutsAPageThatWouldBecomeTooLargeWhereTheReaderGoesOn() {
		for (int i = 0; i < 10; i++) {
			this.log.add(Content.text("x".repeat(1_000_000)));
		}
		http((mvc) -> {
			MvcTestResult forwards = get(mvc, MESSAGES + "?epoch=E&after=0");
			assertThat(forwards).bodyJson().extractingPath("$.messages[*].seq").asArray().containsExactly(1, 2, 3, 4);
			assertThat(forwards).bodyJson().extractingPath("$.through").isEqualTo(4);
			assertThat(forwards).bodyJson().extractingPath("$.hasMore").isEqualTo(true);
			MvcTestResult backwards = get(mvc, MESSAGES);
			assertThat(backwards).bodyJson().extractingPath("$.messages[*].seq").asArray().containsExactly(7, 8, 9, 10);
			assertThat(backwards).bodyJson().extractingPath("$.through").isEqualTo(10);
			assertThat(backwards).bodyJson().extractingPath("$.hasMore").isEqualTo(true);
		});
	}

	@ParameterizedTest
	@CsvSource({ "E, expired, 4", "Z, epoch-changed, 4" })
	void saysThatARangeIsGone(String epoch, String reason, int first) {
		fill(5);
		this.log.keepFrom(4);
		http((mvc) -> {
			MvcTestResult result = get(mvc, MESSAGES + "?after=1&epoch=" + epoch);
			assertProblem(result, 410);
			assertThat(result).bodyJson().extractingPath("$.reason").isEqualTo(reason);
			assertThat(result).bodyJson().extractingPath("$.epoch").isEqualTo("E");
			assertThat(result).bodyJson().extractingPath("$.first").isEqualTo(first);
			assertThat(result).bodyJson().extractingPath("$.latest").isEqualTo(5);
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"/realtime/topics/messages?topic=a%0Ab | Illegal topic name \"a\\u000Ab\": control character U+000A at index 1",
			"/realtime/topics/messages?topic= | Illegal topic name \"\": it is empty",
			"/realtime/topics/messages?topic=a&topic=b | name one topic, as ?topic=room.42",
			"/realtime/topics/messages | name one topic, as ?topic=room.42",
			"?epoch=E&after=x | after must be a whole number of 1 to 18 digits",
			"?epoch=E&after=-1 | after must be a whole number", "?epoch=E&after=1.5 | after must be a whole number",
			"?epoch=E&after=9999999999999999999 | after must be a whole number",
			"?epoch=E&before=0 | before must be 1 or more",
			"?epoch=E&after=1&before=2 | after and before cannot be given together",
			"?after=1 | after needs the epoch in which it was counted",
			"?epoch=E | epoch is allowed only together with after or before",
			"?epoch=a_b&after=1 | An epoch has 1 to 32 characters", "?limit=0 | limit must be 1 to 1000, not 0",
			"?limit=1001 | limit must be 1 to 1000, not 1001", "?limit=ten | limit must be a whole number" })
	void saysWhatIsWrongWithARequest(String uri, String detail) {
		http((mvc) -> {
			MvcTestResult result = get(mvc, uri.startsWith("?") ? MESSAGES + uri : uri);
			assertProblem(result, 400);
			assertThat(result).bodyJson().extractingPath("$.detail").asString().startsWith(detail);
		});
	}

	@Test
	void saysThatTheStoreIsAway() {
		this.log.failWith(new IllegalStateException("connection refused to redis:6379"));
		http((mvc) -> {
			MvcTestResult result = get(mvc, MESSAGES);
			assertProblem(result, 503);
			assertThat(result).hasHeader(HttpHeaders.RETRY_AFTER, "2");
			assertThat(result).bodyText().doesNotContain("redis");
		});
	}

	@Test
	void rule8_saysThatTheStoreIsAwayWhenItNeverAnswers() {
		this.log.neverAnswer();
		this.runner.withPropertyValues("realtime.limits.subscribe-timeout=50ms")
			.run((context) -> assertThat(MockMvcTester.from(context).head().uri(URI.create(MESSAGES)).exchange())
				.hasStatus(503));
	}

	@Test
	void showsNothingToWhomAccessIsDenied() {
		this.runner.withBean(TopicAccess.class, () -> (user, topic) -> topic.equals(Topic.of("room.1")))
			.run((context) -> {
				MockMvcTester mvc = MockMvcTester.from(context);
				assertProblem(get(mvc, MESSAGES), 403);
				assertProblem(get(mvc, "/realtime/topics/room.42/presence"), 403);
				assertProblem(query(mvc, "{\"topic\":\"room.42\",\"users\":[]}"), 403);
				assertThat(get(mvc, "/realtime/topics/room.1/messages")).hasStatusOk();
				assertThat(get(mvc, "/realtime/topics/_presence.room.1/messages")).hasStatusOk();
				assertProblem(get(mvc, "/realtime/topics/_presence.room.42/messages"), 403);
			});
	}

	@ParameterizedTest
	@CsvSource({ "_presence.lobby", "_presence._presence.room.42", "_user.ada.queue", "_user.ada", "_user.a_zz.queue",
			"_queue_zz.a", "_-queue.a" })
	void hidesTheEnginesOwnTopics(String topic) {
		http((mvc) -> assertProblem(get(mvc, "/realtime/topics/" + topic + "/messages"), 403));
	}

	@Test
	void listsMembers() {
		for (String user : List.of("ada", "bob", "ada", "c\"d")) {
			assertThat(this.presence.enter(Topic.of("room.42"), user, user)).isCompleted();
		}
		http((mvc) -> {
			assertThat(get(mvc, "/realtime/topics/room.42/presence")).hasStatusOk().bodyText().isEqualTo("""
					{"topic":"room.42","epoch":"E","seq":0,"count":3,"members":[{"user":"ada","connections":2},\
					{"user":"bob","connections":1},{"user":"c\\"d","connections":1}]}""");
			assertThat(get(mvc, "/realtime/topics/room.42/presence?limit=1")).bodyJson()
				.extractingPath("$.members[*].user")
				.asArray()
				.containsExactly("ada");
			assertProblem(get(mvc, "/realtime/topics/room.42/presence?limit=1001"), 400);
			assertProblem(get(mvc, "/realtime/topics/lobby/presence"), 404);
			assertProblem(get(mvc, "/realtime/topics/_presence.room.42/presence"), 404);
		});
	}

	@Test
	void tellsWhoOfManyIsPresent() {
		assertThat(this.presence.enter(Topic.of("room.42"), "ada", "1")).isCompleted();
		http((mvc) -> {
			assertThat(query(mvc, "{\"topic\":\"room.42\",\"users\":[\"bob\",\"ada\",\"ada\"]}")).hasStatusOk()
				.bodyText()
				.isEqualTo("{\"topic\":\"room.42\",\"present\":[\"ada\"]}");
			assertProblem(query(mvc, "{\"topic\":\"lobby\",\"users\":[]}"), 404);
			for (String body : List.of("", "null", "[]", "{", "{}", "{\"topic\":1}", "{\"topic\":\"room.42\"}",
					"{\"topic\":\"room.42\",\"users\":[1]}", "{\"topic\":\"a\\u0001b\",\"users\":[]}",
					"{\"topic\":\"room.42\",\"users\":[" + "\"x\",".repeat(1000) + "\"x\"]}")) {
				assertProblem(query(mvc, body), 400);
			}
		});
	}

	@Test
	void saysThatReadPositionsNeedADatabase() {
		http((mvc) -> {
			MvcTestResult read = mvc.post().uri("/realtime/topics/room.42/read").principal(() -> "ada").exchange();
			assertProblem(read, 404);
			assertThat(read).bodyJson().extractingPath("$.detail").asString().contains("realtime.log=jdbc");
			assertProblem(mvc.get().uri("/realtime/unread?topic=room.42").principal(() -> "ada").exchange(), 404);
			assertProblem(get(mvc, "/realtime/unread?topic=room.42"), 401);
		});
	}

	@Test
	void pagesOfAllowedOriginsMayRead() {
		this.runner.withPropertyValues("realtime.allowed-origins=https://*.example.com").run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context);
			assertThat(mvc.get().uri(MESSAGES).header(HttpHeaders.ORIGIN, "https://a.example.com").exchange())
				.hasStatusOk()
				.hasHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "https://a.example.com");
			assertThat(mvc.get().uri(MESSAGES).header(HttpHeaders.ORIGIN, "https://evil.example").exchange())
				.hasStatus(403);
		});
	}

	@Test
	void movesWithItsPath() {
		this.runner.withPropertyValues("realtime.http.path=/api/rt", "realtime.http.max-page=5").run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context);
			assertThat(get(mvc, "/api/rt/topics/room.42/messages")).hasStatusOk();
			assertProblem(get(mvc, "/api/rt/topics/room.42/messages?limit=6"), 400);
			assertThat(get(mvc, MESSAGES)).hasStatus(404);
		});
	}

	@Test
	void isNotThereWhenSwitchedOffOrWithoutWebOrWithoutBroker() {
		this.runner.withPropertyValues("realtime.http.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TopicMessagesResource.class));
		this.runner.withPropertyValues("realtime.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TopicPresenceResource.class));
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TopicAccessAutoConfiguration.class, RealtimeWebAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TopicMessagesResource.class));
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TopicAccessAutoConfiguration.class, RealtimeWebAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TopicMessagesResource.class));
	}

	private void fill(int messages) {
		for (int i = 1; i <= messages; i++) {
			this.log.add(Content.json("{\"n\":" + i + '}'));
		}
	}

	private void http(Check check) {
		this.runner.run((context) -> check.accept(MockMvcTester.from(context)));
	}

	private static MvcTestResult get(MockMvcTester mvc, String uri) {
		return mvc.get().uri(URI.create(uri)).exchange();
	}

	private static MvcTestResult query(MockMvcTester mvc, String body) {
		return mvc.post()
			.uri("/realtime/presence/query")
			.contentType(MediaType.APPLICATION_JSON)
			.content(body)
			.exchange();
	}

	private static void assertProblem(MvcTestResult result, int status) {
		assertThat(result).hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(result).bodyJson().extractingPath("$.status").isEqualTo(status);
		assertThat(result).hasHeader(HttpHeaders.CACHE_CONTROL, "no-store");
	}

	interface Check {

		void accept(MockMvcTester mvc);

	}

}
