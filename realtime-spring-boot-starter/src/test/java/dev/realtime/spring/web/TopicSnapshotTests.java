package dev.realtime.spring.web;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.spring.publisher.TopicPublisherAutoConfiguration;
import dev.realtime.spring.security.TopicAccess;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;
import dev.realtime.spring.snapshot.Snapshot;
import dev.realtime.spring.snapshot.SnapshotProvider;
import dev.realtime.spring.testing.BootAutoConfigurations;
import dev.realtime.spring.testing.FakeBroker;
import dev.realtime.spring.testing.FakeLog;
import dev.realtime.spring.testing.JsonMessageConverters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

class TopicSnapshotTests {

	private final FakeLog log = new FakeLog();

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(BootAutoConfigurations.webMvcAnd(TopicPublisherAutoConfiguration.class,
				TopicAccessAutoConfiguration.class, RealtimeWebAutoConfiguration.class))
		.withBean(Broker.class, () -> new FakeBroker(this.log))
		.withBean(MessageConverter.class, JsonMessageConverters::create)
		.withBean(TopicPolicies.class, () -> TopicPolicies.all(TopicPolicy.DEFAULT));

	@Test
	void givesTheStateAndThePositionThatTheTopicHadBefore() {
		this.log.add(Content.text("one"));
		provider("room.*", (topic) -> {
			// Published while the provider is at work: not before the snapshot.
			this.log.add(Content.text("two"));
			return Snapshot.of(Map.of("name", topic.name()));
		}).run((context) -> {
			MvcTestResult answer = get(MockMvcTester.from(context), "room.42");
			assertThat(answer).hasStatusOk()
				.hasContentType(MediaType.APPLICATION_JSON)
				.hasHeader(HttpHeaders.CACHE_CONTROL, "no-store");
			assertThat(answer).bodyText()
				.isEqualTo("{\"topic\":\"room.42\",\"epoch\":\"E\",\"seq\":1,\"state\":{\"name\":\"room.42\"}}");
		});
	}

	@Test
	void givesThePositionOfAProviderThatKnowsBetter() {
		this.log.add(Content.text("one"));
		provider("room.*", (topic) -> Snapshot.at(new Position("E", 7), List.of(1, 2))).run((context) -> {
			assertThat(get(MockMvcTester.from(context), "room.42")).bodyText()
				.isEqualTo("{\"topic\":\"room.42\",\"epoch\":\"E\",\"seq\":7,\"state\":[1,2]}");
		});
	}

	@Test
	void writesAnyStateAsJson() {
		provider("text.*", (topic) -> Snapshot.of("a \"word\""))
			.withBean("none", Given.class, () -> new Given("none.*", (topic) -> Snapshot.of(null)))
			.run((context) -> {
				MockMvcTester mvc = MockMvcTester.from(context);
				assertThat(get(mvc, "text.1")).bodyJson().extractingPath("$.state").isEqualTo("a \"word\"");
				assertThat(get(mvc, "none.1")).bodyText().endsWith("\"state\":null}");
			});
	}

	@Test
	void asksTheFirstInOrderWhosePatternMatches() {
		this.runner.withUserConfiguration(Three.class).run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context);
			assertThat(get(mvc, "room.42")).bodyJson().extractingPath("$.state").isEqualTo("room");
			assertThat(get(mvc, "other.42")).bodyJson().extractingPath("$.state").isEqualTo("first of all");
		});
	}

	@Test
	void is404WhereNobodyKnowsTheState() {
		provider("room.*", (topic) -> null).run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context);
			assertProblem(get(mvc, "other"), 404);
			assertProblem(get(mvc, "room.42"), 404);
			assertProblem(get(mvc, "x".repeat(256)), 400);
		});
		this.runner.run((context) -> assertProblem(get(MockMvcTester.from(context), "room.42"), 404));
	}

	@Test
	void is403WhereTheUserMayNotReadAndTheProviderIsNotAsked() {
		provider("**", (topic) -> {
			throw new IllegalStateException("asked");
		}).withBean(TopicAccess.class, () -> (user, topic) -> user != null && user.getName().equals("ada"))
			.run((context) -> {
				assertProblem(get(MockMvcTester.from(context), "room.42"), 403);
				assertProblem(get(MockMvcTester.from(context), "_user.eve.queue.x"), 403);
			});
	}

	@Test
	void aProvidersFailureIs500AndTellsNothing() {
		provider("**", (topic) -> {
			throw new IllegalStateException("secret of the database");
		}).run((context) -> {
			MvcTestResult answer = get(MockMvcTester.from(context), "room.42");
			assertProblem(answer, 500);
			assertThat(answer).bodyText().doesNotContain("secret");
		});
		provider("**", (topic) -> Snapshot.of(new Endless())).run((context) -> {
			MvcTestResult answer = get(MockMvcTester.from(context), "room.42");
			assertProblem(answer, 500);
			assertThat(answer).bodyText().doesNotContain("Endless");
		});
	}

	@Test
	void aProviderMaySayAnotherStatus() {
		provider("**", (topic) -> {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "the room is being moved");
		}).run((context) -> {
			MvcTestResult answer = get(MockMvcTester.from(context), "room.42");
			assertProblem(answer, 409);
			assertThat(answer).bodyText().contains("the room is being moved");
		});
	}

	@Test
	void is503WhileTheLogIsAwayAndTheProviderIsNotAsked() {
		this.log.failWith(new IllegalStateException("redis.internal:6379"));
		provider("**", (topic) -> {
			throw new IllegalStateException("asked");
		}).run((context) -> {
			MvcTestResult answer = get(MockMvcTester.from(context), "room.42");
			assertProblem(answer, 503);
			assertThat(answer).hasHeader(HttpHeaders.RETRY_AFTER, "2");
			assertThat(answer).bodyText().doesNotContain("internal");
		});
	}

	@Test
	void is503WhenTheLogDoesNotAnswerInTime() {
		this.log.neverAnswer();
		provider("**", (topic) -> Snapshot.of(1)).withPropertyValues("realtime.limits.subscribe-timeout=50ms")
			.run((context) -> assertProblem(get(MockMvcTester.from(context), "room.42"), 503));
	}

	private WebApplicationContextRunner provider(String pattern, Function<Topic, @Nullable Snapshot<Object>> states) {
		return this.runner.withBean("given", Given.class, () -> new Given(pattern, states));
	}

	private static MvcTestResult get(MockMvcTester mvc, String topic) {
		return mvc.get().uri("/realtime/topics/{topic}/snapshot", topic).exchange();
	}

	private static void assertProblem(MvcTestResult result, int status) {
		assertThat(result).hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(result).bodyJson().extractingPath("$.status").isEqualTo(status);
		assertThat(result).hasHeader(HttpHeaders.CACHE_CONTROL, "no-store");
	}

	record Given(String topics,
			Function<Topic, @Nullable Snapshot<Object>> states) implements SnapshotProvider<Object> {

		@Override
		public TopicPattern pattern() {
			return new TopicPattern(this.topics);
		}

		@Override
		public @Nullable Snapshot<Object> snapshot(Topic topic, @Nullable Principal user) {
			return this.states.apply(topic);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Three {

		@Bean
		@Order(3)
		SnapshotProvider<Object> last() {
			return new Given("**", (topic) -> Snapshot.of("last"));
		}

		@Bean
		@Order(1)
		SnapshotProvider<Object> rooms() {
			return new Given("room.*", (topic) -> Snapshot.of("room"));
		}

		@Bean
		@Order(2)
		SnapshotProvider<Object> all() {
			return new Given("**", (topic) -> Snapshot.of("first of all"));
		}

	}

	/** What neither Jackson 2 nor Jackson 3 can write. */
	static final class Endless {

		public Object getSelf() {
			return this;
		}

	}

}
