package dev.realtime.spring;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.DeliveryRate;
import dev.realtime.Overflow;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.presence.PresenceOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class RealtimePropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(PropertiesOnly.class);

	@Test
	void haveDefaults() {
		this.runner.run((context) -> {
			RealtimeProperties properties = context.getBean(RealtimeProperties.class);
			assertThat(properties.enabled()).isTrue();
			assertThat(properties.endpoint()).isEqualTo("/realtime");
			assertThat(properties.allowedOrigins()).isEmpty();
			assertThat(properties.broker()).isEqualTo(RealtimeProperties.BrokerKind.AUTO);
			assertThat(properties.nodeId()).isNull();
			assertThat(properties.effectiveShards()).isEqualTo((Runtime.getRuntime().availableProcessors() + 1) / 2);
			assertThat(properties.publish().maxPayload()).isEqualTo(DataSize.ofKilobytes(64));
			assertThat(properties.publish().waitTime()).isEqualTo(Duration.ofSeconds(5));
			assertThat(properties.publish().clientJourneys()).isFalse();
			assertThat(properties.presence().options()).isEqualTo(PresenceOptions.DEFAULT);
			assertThat(properties.topicDefaults().policy()).isEqualTo(TopicPolicy.DEFAULT);
			assertThat(properties.topics()).isEmpty();
		});
	}

	@Test
	void takeWhatIsSet() {
		this.runner.withPropertyValues("realtime.allowed-origins=https://a.example,https://*.b.example",
				"realtime.broker=memory", "realtime.node-id=node-1", "realtime.shards=3", "realtime.publish.wait=250ms",
				"realtime.publish.client-journeys=true", "realtime.heartbeat.min=0s", "realtime.queue.max-bytes=2MB")
			.run((context) -> {
				RealtimeProperties properties = context.getBean(RealtimeProperties.class);
				assertThat(properties.allowedOrigins()).containsExactly("https://a.example", "https://*.b.example");
				assertThat(properties.broker()).isEqualTo(RealtimeProperties.BrokerKind.MEMORY);
				assertThat(properties.nodeId()).isEqualTo("node-1");
				assertThat(properties.effectiveShards()).isEqualTo(3);
				assertThat(properties.publish().waitTime()).isEqualTo(Duration.ofMillis(250));
				assertThat(properties.publish().clientJourneys()).isTrue();
				assertThat(properties.heartbeat().min()).isZero();
				assertThat(properties.queue().maxBytes()).isEqualTo(DataSize.ofMegabytes(2));
			});
	}

	@ParameterizedTest
	@CsvSource({ "realtime.endpoint, realtime", "realtime.endpoint, /realtime/", "realtime.node-id, my node",
			"realtime.shards, -1", "realtime.heartbeat.min, -1s", "realtime.redis.prefix, a{b}",
			"realtime.redis.timeout, 0s", "realtime.redis.numbering-ttl, 1h", "realtime.publish.max-payload, 0B",
			"realtime.publish.wait, 2d", "realtime.publish.max-in-flight, 0", "realtime.recovery.max-messages, 0",
			"realtime.recovery.page-size, 1001", "realtime.repair.check-interval, 0s",
			"realtime.repair.subscription-linger, -1s", "realtime.queue.max-messages, 0",
			"realtime.queue.max-bytes, 2GB", "realtime.limits.max-frame-size, 100B", "realtime.limits.max-headers, 1",
			"realtime.limits.max-header-size, 1B", "realtime.limits.subscriptions-per-connection, 0",
			"realtime.limits.connections-per-user, -1", "realtime.limits.inbound-pending, 0",
			"realtime.user-registry.interval, 50ms", "realtime.user-registry.expiry, 4s",
			"realtime.user-registry.max-sessions, 0", "realtime.presence.grace, -1s", "realtime.presence.refresh, 0s",
			"realtime.presence.lease, 60s", "realtime.offline.queue, 0", "realtime.offline.threads, 0",
			"realtime.pipe.interval, 0s", "realtime.pipe.interval, 11s", "realtime.pipe.message-size, 15",
			"realtime.pipe.max-length, 0", "realtime.pipe.max-streams, 0", "realtime.pipe.timeout, 0s",
			"realtime.pipe.heartbeat, 999ms", "realtime.pipe.publish-timeout, 0s", "realtime.pipe.drain-timeout, -1s",
			"realtime.pipe.threads, 0", "realtime.inspector.followed-users, 0",
			"realtime.inspector.followed-events, 1001", "realtime.inspector.follow-for, 0s",
			"realtime.inspector.topic-reads, 0", "realtime.topic-events.grace, -1s", "realtime.topic-events.queue, 0",
			"realtime.drain.spread, -1s", "realtime.drain.delay, -1s", "realtime.drain.delay, 6m",
			"realtime.security.expiry-notice, 2d", "realtime.security.authentication-timeout, 0s",
			"realtime.drain.timeout, 1s", "realtime.http.path, x", "realtime.http.max-page, 1001",
			"realtime.topic-defaults.history-size, 0", "realtime.topic-defaults.history-time, 0s",
			"realtime.topics.chat.history-time, 60d", "realtime.topics.chat.queue-bytes, 1B",
			"realtime.topics.chat.rate.messages-per-second, 0",
			"realtime.topic-defaults.rate.messages-per-second, 10001", "realtime.topics.chat.pattern, room.x*" })
	void refuseAnIllegalValueByTheNameOfItsProperty(String property, String value) {
		String culprit = value.equals("60d") ? "realtime.redis.numbering-ttl" : property;
		this.runner.withPropertyValues("realtime.topics.chat.pattern=room.*", property + '=' + value).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new RealtimeFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).startsWith("Property " + culprit + " = ");
			assertThat(analysis.getAction()).startsWith("Change " + culprit + ": it must");
		});
	}

	@Test
	void aRateIsTakenFromTheDefaultsWhereARuleDoesNotSayOtherwise() throws Exception {
		ConfiguredTopicPolicies policies = new ConfiguredTopicPolicies(fromYaml("""
				realtime:
				  topic-defaults.rate:
				    messages-per-second: 10
				    policy: sample
				  topics:
				    price:
				      pattern: price.*
				      rate.policy: latest
				    all:
				      pattern: all.*
				      rate.policy: all
				"""));
		assertThat(policies.of(Topic.of("x")).rate()).isEqualTo(DeliveryRate.sample(10));
		assertThat(policies.of(Topic.of("price.a")).rate()).isEqualTo(DeliveryRate.latest(10));
		assertThat(policies.of(Topic.of("all.a")).rate()).isEqualTo(DeliveryRate.UNLIMITED);
		assertThat(policies.of(Topic.of("_presence.price.a")).rate()).isEqualTo(DeliveryRate.UNLIMITED);
	}

	@ParameterizedTest
	@CsvSource({ "messages-per-second, 10, policy", "policy, sample, messages-per-second" })
	void refuseARateThatDoesNotSayAll(String property, String value, String culprit) {
		String prefix = "realtime.topics.chat.rate.";
		this.runner.withPropertyValues("realtime.topics.chat.pattern=room.*", prefix + property + '=' + value)
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = new RealtimeFailureAnalyzer().analyze(context.getStartupFailure());
				assertThat(analysis).isNotNull();
				assertThat(analysis.getAction()).contains(prefix + culprit);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "10s", "10000", "" })
	void refuseAHeartbeatAsOlderConfigurationsHaveIt(String value) {
		this.runner.withPropertyValues("realtime.heartbeat=" + value, "realtime.heartbeat.min=2s").run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new RealtimeFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).startsWith("Property realtime.heartbeat = \"" + value + "\": ");
			assertThat(analysis.getAction())
				.startsWith("Change realtime.heartbeat: it was renamed to realtime.heartbeat.min");
		});
	}

	@Test
	void refuseATopicRuleWithoutPattern() {
		this.runner.withPropertyValues("realtime.topics.chat.history-size=5")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage(
						"Property realtime.topics.chat.pattern is missing: a rule needs a pattern, such as room.*"));
	}

	@Test
	void firstMatchingTopicRuleInOrderOfDeclarationDecidesAndDefaultsFillTheRest() throws Exception {
		RealtimeProperties properties = fromYaml("""
				realtime:
				  topic-defaults:
				    history-size: 7
				  topics:
				    zeta:
				      pattern: room.special
				      presence: true
				    alpha:
				      pattern: room.*
				      history-size: 100
				      overflow: drop-oldest
				    middle:
				      pattern: "**"
				      client-publish: true
				      queue-bytes: 2KB
				""");
		assertThat(properties.topics().keySet()).containsExactly("zeta", "alpha", "middle");
		ConfiguredTopicPolicies policies = new ConfiguredTopicPolicies(properties);
		assertThat(policies.of(Topic.of("room.special")))
			.isEqualTo(TopicPolicy.builder().history(7, Duration.ofHours(24)).presence(true).build());
		assertThat(policies.of(Topic.of("room.1")).historySize()).isEqualTo(100);
		assertThat(policies.of(Topic.of("room.1")).overflow()).isEqualTo(Overflow.DROP_OLDEST);
		TopicPolicy last = policies.of(Topic.of("other.topic"));
		assertThat(last.clientPublish()).isTrue();
		assertThat(last.queueBytes()).isEqualTo(2048);
		assertThat(policies.of(Topic.of("other.topic"))).isSameAs(last);
	}

	@Test
	void theFirstRuleOfATopicDecidesWhicheverItsSeparator() throws Exception {
		ConfiguredTopicPolicies policies = new ConfiguredTopicPolicies(fromYaml("""
				realtime.topics:
				  quiet:
				    pattern: room/quiet
				    history-size: 1
				  slashes:
				    pattern: room/*
				    history-size: 2
				  dots:
				    pattern: room.*
				    history-size: 3
				  deep:
				    pattern: room/**
				    history-size: 4
				  all:
				    pattern: "**"
				    history-size: 5
				"""));
		Map<String, Integer> expected = new LinkedHashMap<>();
		expected.put("room/quiet", 1);
		expected.put("room/Quiet", 2);
		expected.put("room/a.b", 2);
		expected.put("room.42", 3);
		expected.put("room.a/b", 3);
		expected.put("room/a/b", 4);
		expected.put("room/a/", 4);
		expected.put("room//a", 4);
		expected.put("room%2Fa", 5);
		expected.put("room/", 5);
		expected.put("room.a.b", 5);
		expected
			.forEach((name, size) -> assertThat(policies.of(Topic.of(name)).historySize()).as(name).isEqualTo(size));
		assertThat(policies.ruleOf(Topic.of("room/quiet"))).isEqualTo("quiet");
		assertThat(policies.ruleOf(Topic.of("room/Quiet"))).isEqualTo("slashes");
	}

	@Test
	void topicsWithoutRuleHaveTheDefaults() throws Exception {
		ConfiguredTopicPolicies policies = new ConfiguredTopicPolicies(fromYaml("realtime.enabled: true"));
		assertThat(policies.ruleOf(Topic.of("room.1"))).isEqualTo("default");
		for (int i = 0; i < 25_000; i++) {
			assertThat(policies.of(Topic.of("t" + i))).isEqualTo(TopicPolicy.DEFAULT);
		}
	}

	private static RealtimeProperties fromYaml(String yaml) throws Exception {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("test",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		return new Binder(ConfigurationPropertySources.from(sources)).bindOrCreate("realtime",
				RealtimeProperties.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties({ RealtimeProperties.class, OfflineProperties.class, PipeProperties.class,
			TopicEventsProperties.class })
	static class PropertiesOnly {

	}

}
