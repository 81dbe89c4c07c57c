package dev.realtime.spring;

import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.broker.Broker;
import dev.realtime.redis.ShardServers;
import dev.realtime.spring.testing.BootAutoConfigurations;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** What a node says that is configured wrongly for independent servers. */
class ShardedStartIT {

	private final List<RedisServer> servers = IntStream.range(0, 2)
		.mapToObj((i) -> RedisServer.startProcess())
		.toList();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(BootAutoConfigurations.redisAnd(RealtimeAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.port=1");

	@BeforeEach
	void start() {
		RedisShards.assumeSupported();
	}

	@AfterEach
	void stop() {
		this.servers.forEach(RedisServer::close);
	}

	@Test
	void anEmptyList() {
		assertIllegal("realtime.redis.shards", "must name at least one server, or be left out",
				"realtime.redis.shards=");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1:6379", "http://host:6379", "redis://", "redis://a:1;b:2", "redis://:secret@",
			"redis-sentinel://:secret@host:26379/0#main", "redis://app:secret@host:port", "redis-socket:///tmp/x" })
	void anAddressThatIsNoneAndNoPasswordIsShown(String uri) {
		String message = assertIllegal("realtime.redis.shards[1]", "must be one server such as redis://",
				"realtime.redis.shards[0]=redis://host:1", "realtime.redis.shards[1]=" + uri);
		assertThat(message).doesNotContain("secret");
	}

	@ParameterizedTest
	@CsvSource({ "redis://redis_1, redis_1:6379",
			"rediss://app:s%40cret@redis-1.example.org:7000/2, redis-1.example.org:7000",
			"redis://:secret@10.0.0.1:6380?timeout=5s, 10.0.0.1:6380", "redis://[::1]:6379, [::1]:6379" })
	void anAddressGivesTheServersName(String uri, String name) {
		assertThat(ShardServers.name(ShardedRedis.uris(List.of(uri)).get(0))).isEqualTo(name);
	}

	@Test
	void aServerThatIsThereTwice() {
		assertIllegal("realtime.redis.shards[2]", "must name each server once", "realtime.redis.shards[0]=redis://a:1",
				"realtime.redis.shards[1]=redis://b:1", "realtime.redis.shards[2]=redis://app:secret@a:1/3");
	}

	@Test
	void aServerThatIsThereUnderTwoNames() {
		String uri = this.servers.get(0).uri();
		assertIllegal("realtime.redis.shards", "must not name a server twice",
				"realtime.redis.shards=" + uri + ',' + uri.replace("127.0.0.1", "localhost"));
	}

	@ParameterizedTest
	@CsvSource({ "realtime.broker, memory, must be redis or left out",
			"realtime.broker, jdbc, must be redis or left out",
			"realtime.redis.connection-factory, mine, names one place for the topics",
			"realtime.redis.shards-generation, 0, must be 1 to", })
	void propertiesThatDoNotFit(String property, String value, String sentence) {
		assertIllegal(property, sentence, "realtime.redis.shards=redis://a:1", property + '=' + value);
	}

	@Test
	void nodesThatDisagree() {
		this.runner.withPropertyValues("realtime.redis.shards=" + uris()).run((first) -> {
			first.getBean(Broker.class);
			assertIllegal("realtime.redis.shards",
					"to change the list, increase realtime.redis.shards-generation by one",
					"realtime.redis.shards=" + this.servers.get(0).uri());
			this.runner.withPropertyValues("realtime.redis.shards=" + uris(), "realtime.redis.shards-generation=2")
				.run((next) -> assertThat(next).hasNotFailed());
			assertIllegal("realtime.redis.shards-generation", "is older than 2", "realtime.redis.shards=" + uris());
		});
	}

	@Test
	void serversOfWhichNoneAnswers() {
		this.servers.forEach(RedisServer::stop);
		this.runner.withPropertyValues("realtime.redis.shards=" + uris()).run((context) -> {
			RedisUnreachableException failure = cause(context.getStartupFailure(), RedisUnreachableException.class);
			FailureAnalysis analysis = new RedisUnreachableFailureAnalyzer().analyze(failure, failure);
			assertThat(analysis.getDescription())
				.contains("Redis cannot be reached at 127.0.0.1:" + port(0) + ", 127.0.0.1:" + port(1));
			assertThat(analysis.getAction()).contains("or name other servers in realtime.redis.shards");
		});
	}

	@Test
	void aServerThatWantsAnotherPassword() {
		this.servers.get(1).say("CONFIG SET requirepass other");
		String message = assertIllegal("realtime.redis.shards", "names 127.0.0.1:" + port(1) + ", which cannot be used",
				"realtime.redis.shards=" + this.servers.get(0).uri() + ",redis://:secret@127.0.0.1:" + port(1));
		assertThat(message).contains("does not accept the user name or the password").doesNotContain("secret");
	}

	@Test
	void aPasswordInTheListIsUsed() {
		this.servers.get(1).say("CONFIG SET requirepass other");
		this.runner
			.withPropertyValues(
					"realtime.redis.shards=" + this.servers.get(0).uri() + ",redis://:other@127.0.0.1:" + port(1))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(RealtimeProperties.class).toString()).doesNotContain("other");
			});
	}

	/** The application may have any Redis for itself; nothing is connected to it. */
	@ParameterizedTest
	@ValueSource(strings = { "spring.data.redis.cluster.nodes=127.0.0.1:1",
			"spring.data.redis.sentinel.nodes=127.0.0.1:1;spring.data.redis.sentinel.master=main",
			"spring.data.redis.client-type=jedis" })
	void rule11_whateverRedisTheApplicationHasItselfIsLeftAlone(String properties) {
		this.runner.withPropertyValues("realtime.redis.shards=" + uris())
			.withPropertyValues(properties.split(";", -1))
			.run((context) -> assertThat(context.getStartupFailure()).isNull());
	}

	private String uris() {
		return String.join(",", this.servers.stream().map(RedisServer::uri).toList());
	}

	private int port(int index) {
		return this.servers.get(index).port();
	}

	private String assertIllegal(String property, String sentence, String... properties) {
		StringBuilder message = new StringBuilder();
		this.runner.withPropertyValues(properties).run((context) -> {
			InvalidRealtimePropertyException failure = cause(context.getStartupFailure(),
					InvalidRealtimePropertyException.class);
			assertThat(failure.property()).isEqualTo(property);
			assertThat(failure).hasMessageContaining(sentence);
			for (Throwable each = context.getStartupFailure(); each != null; each = each.getCause()) {
				message.append(each.getMessage()).append('\n');
			}
		});
		return message.toString();
	}

	private static <T extends Throwable> T cause(Throwable failure, Class<T> type) {
		for (Throwable each = failure; each != null; each = each.getCause()) {
			if (type.isInstance(each)) {
				return type.cast(each);
			}
		}
		throw new AssertionError("It did not fail so", failure);
	}

}
