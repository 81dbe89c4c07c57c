package dev.realtime.spring;

import java.io.File;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import dev.realtime.broker.Broker;
import dev.realtime.partition.Partitions;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import dev.realtime.relay.RelayUnavailableException;
import dev.realtime.relay.kafka.KafkaRelayOptions;
import dev.realtime.testing.Ports;
import io.nats.client.Connection;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

class RelayConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class))
		.withPropertyValues("realtime.broker=memory");

	@Test
	void aNodeAloneNeedsNoRelay() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Relay.class));
		this.runner.withPropertyValues("realtime.relay.type=local")
			.run((context) -> assertThat(context.getBean(Broker.class).isConnected()).isTrue());
	}

	@ParameterizedTest
	@CsvSource({ "nats", "redis", "NATS", "kafka" })
	void aNodeThatKeepsTopicsInItsMemoryCannotHaveARelay(String type) {
		this.runner.withPropertyValues("realtime.relay.type=" + type)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidRealtimePropertyException.class)
				.hasMessageStartingWith("Property realtime.relay.type = \"")
				.hasMessageContaining("needs topics that all nodes keep in one place"));
	}

	@Test
	void anEngineWhoseClientIsNotOnTheClassPathIsNamed() {
		this.runner.withPropertyValues("realtime.relay.type=nats")
			.withClassLoader(new FilteredClassLoader(Connection.class))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessage("Property realtime.relay.type = \"nats\": needs io.nats:jnats on the class path"));
	}

	@Test
	void aRelayOfTheApplicationsTakesThePlaceOfTheEngines() {
		LoopbackRelay own = new LoopbackRelay();
		this.runner.withPropertyValues("realtime.relay.type=local")
			.withBean(Relay.class, () -> own)
			.run((context) -> assertThat(context.getBean(FleetRelay.class).separate()).isNotNull());
		this.runner.withPropertyValues("realtime.relay.type=nats")
			.withBean(Relay.class, () -> own)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("needs topics that all nodes keep in one place"));
	}

	@Test
	void theRelayOfPostgresqlNeedsEverythingInPostgresql() {
		this.runner.withPropertyValues("realtime.relay.type=postgres")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessage("Property realtime.relay.type = \"postgres\": needs realtime.broker=jdbc"));
	}

	@ParameterizedTest
	@CsvSource({ "nats,needs PostgreSQL", "postgres,needs PostgreSQL", "redis,needs topics in Redis" })
	void aRelayThatDoesNotFitTheDatabaseIsRefused(String type, String why) {
		inDatabase().withPropertyValues("realtime.relay.type=" + type)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidRealtimePropertyException.class)
				.hasMessageStartingWith("Property realtime.relay.type = \"" + type + "\": " + why));
	}

	@ParameterizedTest
	@CsvSource({ "auto", "local" })
	void aNodeAloneInItsDatabaseNeedsNoRelay(String type) {
		inDatabase().withPropertyValues("realtime.relay.type=" + type)
			.run((context) -> assertThat(context.getBean(Broker.class).isConnected()).isTrue());
	}

	private ApplicationContextRunner inDatabase() {
		DataSource database = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class))
			.withPropertyValues("realtime.broker=jdbc", "realtime.jdbc.initialize-schema=always")
			.withBean(DataSource.class, () -> database);
	}

	@Test
	void anEngineThatCannotBeReachedIsNamedWithItsProperty() {
		MockEnvironment environment = new MockEnvironment().withProperty("realtime.relay.type", "nats");
		RelayUnavailableException cause = new RelayUnavailableException(
				"NATS at nats://127.0.0.1:" + Ports.reserve() + " cannot be reached", null);

		FailureAnalysis analysis = new RelayUnavailableFailureAnalyzer(environment).analyze(cause, cause);

		assertThat(analysis.getDescription())
			.isEqualTo("Realtime could not start its relay (realtime.relay.type=nats): " + cause.getMessage() + '.');
		assertThat(analysis.getAction()).contains("realtime.relay.nats.*");
	}

	@ParameterizedTest
	@CsvSource({ "servers=,realtime.relay.nats.servers", "prefix=a b,realtime.relay.nats.prefix",
			"prefix=a..b,realtime.relay.nats.prefix", "timeout=10ms,realtime.relay.nats.timeout",
			"pending=1KB,realtime.relay.nats.pending" })
	void aBadValueIsNamedWithItsProperty(String setting, String property) {
		this.runner.withPropertyValues("realtime.relay.nats." + setting)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidRealtimePropertyException.class)
				.hasMessageContaining(property));
	}

	@ParameterizedTest
	@CsvSource({ "exchange=amq.topic", "exchange=a b", "timeout=1ms", "queue-length=0", "unconfirmed=0" })
	void aBadValueOfRabbitIsNamedWithItsProperty(String setting) {
		this.runner.withPropertyValues("realtime.relay.rabbit." + setting)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidRealtimePropertyException.class)
				.hasMessageContaining("realtime.relay.rabbit." + setting.substring(0, setting.indexOf('='))));
	}

	@Test
	void kafkaIsNamedWhereItsClientIsNotOnTheClassPath() {
		this.runner.withPropertyValues("realtime.relay.type=kafka")
			.withClassLoader(new FilteredClassLoader(KafkaConsumer.class))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessage(
						"Property realtime.relay.type = \"kafka\": needs org.apache.kafka:kafka-clients on the class "
								+ "path"));
	}

	@ParameterizedTest
	@CsvSource({ "bootstrap-servers=", "topic=a b", "topic=..", "replication-factor=-1", "retention=1s",
			"timeout=499ms", "timeout=2m", "pending=1KB" })
	void aBadValueOfKafkaIsNamedWithItsProperty(String setting) {
		this.runner.withPropertyValues("realtime.relay.kafka." + setting)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidRealtimePropertyException.class)
				.hasMessageContaining("realtime.relay.kafka." + setting.substring(0, setting.indexOf('='))));
	}

	@Test
	void kafkaIsFoundWhereSpringsPropertiesSay() {
		assertThat(kafka().bootstrapServers()).isEqualTo("localhost:9092");
		KafkaRelayOptions options = kafka("spring.kafka.bootstrap-servers=one:1, two:2",
				"spring.kafka.security.protocol=SASL_SSL", "spring.kafka.properties.sasl.mechanism=PLAIN",
				"spring.kafka.properties.group.id=orders", "spring.kafka.ssl.trust-store-location=file:trust.p12",
				"spring.kafka.ssl.trust-store-password=secret", "realtime.relay.kafka.properties.acks=1",
				"realtime.redis.partitions=16");

		assertThat(options.bootstrapServers()).isEqualTo("one:1,two:2");
		assertThat(options.partitions().count()).isEqualTo(16);
		assertThat(options.properties()).containsOnly(entry("security.protocol", "SASL_SSL"),
				entry("sasl.mechanism", "PLAIN"),
				entry("ssl.truststore.location", new File("trust.p12").getAbsolutePath()),
				entry("ssl.truststore.password", "secret"), entry("acks", "1"));
		assertThat(options.toString()).doesNotContain("secret");
	}

	@Test
	void aRelayWithAddressesOfItsOwnDoesNotUseSpringsProperties() {
		KafkaRelayOptions options = kafka("spring.kafka.bootstrap-servers=one:1", "spring.kafka.security.protocol=SSL",
				"spring.kafka.ssl.bundle=web", "realtime.relay.kafka.bootstrap-servers=two:2,three:3",
				"realtime.relay.kafka.properties.sasl.mechanism=PLAIN");

		assertThat(options.bootstrapServers()).isEqualTo("two:2,three:3");
		assertThat(options.properties()).containsOnly(entry("sasl.mechanism", "PLAIN"));
	}

	@ParameterizedTest
	@CsvSource({ "spring.kafka.ssl.bundle=web", "spring.kafka.ssl.trust-store-location=http://localhost/trust.p12" })
	void whatTheRelayCannotUseOfSpringsPropertiesIsNamed(String setting) {
		assertThatThrownBy(() -> kafka(setting)).isInstanceOf(InvalidRealtimePropertyException.class)
			.hasMessageContaining(setting.substring(0, setting.indexOf('=')));
	}

	private static KafkaRelayOptions kafka(String... settings) {
		AtomicReference<KafkaRelayOptions> options = new AtomicReference<>();
		new ApplicationContextRunner().withUserConfiguration(Bound.class)
			.withPropertyValues(settings)
			.run((context) -> options
				.set(KafkaRelayConfiguration.options(context.getBean(RelayProperties.class).kafka(),
						new Partitions(context.getEnvironment()
							.getProperty("realtime.redis.partitions", Integer.class, Partitions.DEFAULT_COUNT)),
						new SpringKafka(context.getEnvironment(), context))));
		return Objects.requireNonNull(options.get());
	}

	@EnableConfigurationProperties(RelayProperties.class)
	static class Bound {

	}

	@Test
	void rabbitIsFoundWhereSpringsPropertiesSay() {
		MockEnvironment environment = new MockEnvironment();
		assertThat(RabbitRelayConfiguration.uri(environment)).isEqualTo("amqp://guest:guest@localhost:5672");
		environment.withProperty("spring.rabbitmq.username", "a:b")
			.withProperty("spring.rabbitmq.password", "p@/ w")
			.withProperty("spring.rabbitmq.virtual-host", "/team")
			.withProperty("spring.rabbitmq.ssl.enabled", "true");
		assertThat(RabbitRelayConfiguration.uri(environment))
			.isEqualTo("amqps://a%3Ab:p%40%2F%20w@localhost:5671/%2Fteam");
		environment.withProperty("spring.rabbitmq.addresses", "one:1, two:2");
		assertThat(RabbitRelayConfiguration.uri(environment)).contains("@one:1/");
		environment.withProperty("spring.rabbitmq.addresses", "amqp://x@y");
		assertThat(RabbitRelayConfiguration.uri(environment)).isEqualTo("amqp://x@y");
	}

	@Test
	void severalKindsOfCredentialsAreRefused() {
		this.runner.withPropertyValues("realtime.relay.nats.username=ann", "realtime.relay.nats.token=secret")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("choose one")
				.hasMessageNotContaining("secret"));
	}

}
