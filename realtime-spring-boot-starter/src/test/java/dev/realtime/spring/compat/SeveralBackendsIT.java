package dev.realtime.spring.compat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mockito;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** Applications with two Redis servers, two databases, or another client of Redis. */
@ExtendWith(OutputCaptureExtension.class)
class SeveralBackendsIT {

	/** Nothing listens there: a node that connects to it does not start. */
	private static final int NOWHERE = 1;

	@Test
	void theNamedConnectionFactoryIsUsed() {
		assertStarts(TwoServers.class, "realtime.redis.connection-factory=fleet");
	}

	@Test
	void thePrimaryConnectionFactoryIsUsed() {
		assertStarts(PrimaryServer.class, "realtime.broker=redis");
	}

	@Test
	void severalConnectionFactoriesNeedAName(CapturedOutput output) {
		assertFails(TwoServers.class, "realtime.broker=redis", "Property realtime.redis.connection-factory is missing: "
				+ "the application has several RedisConnectionFactory beans (cache, fleet), and none of them is primary",
				output);
		assertThat(output).contains("Set realtime.redis.connection-factory.");
	}

	@Test
	void theNameOfAConnectionFactoryMustBeThatOfABean(CapturedOutput output) {
		assertFails(TwoServers.class, "realtime.redis.connection-factory=flet",
				"\"flet\": must be the name of a " + "RedisConnectionFactory bean: cache, fleet", output);
	}

	@Test
	void anotherClientOfRedisIsRefusedWithASentence(CapturedOutput output) {
		assertFails(OtherClient.class, "realtime.broker=redis",
				"it needs Lettuce, and the application's " + "RedisConnectionFactory is a ", output);
		assertThat(output).contains("Remove spring.data.redis.client-type");
	}

	@Test
	void theNamedDataSourceHasTheDurableLog() throws SQLException {
		try (ConfigurableApplicationContext node = start(TwoDatabases.class, "realtime.log=jdbc",
				"realtime.broker=memory", "realtime.jdbc.data-source=orders")) {
			node.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(Topic.of("order.1"), Content.text("placed")));
			assertThat(messages(node.getBean("orders", DataSource.class))).isEqualTo(1);
			assertThat(messages(node.getBean("archive", DataSource.class))).isEqualTo(-1);
		}
	}

	@Test
	void severalDataSourcesNeedAName(CapturedOutput output) {
		assertFails(TwoDatabases.class, "realtime.log=jdbc",
				"Property realtime.jdbc.data-source is missing: the "
						+ "application has several DataSource beans (archive, orders), and none of them is primary",
				output);
	}

	private static void assertStarts(Class<?> application, String property) {
		try (ConfigurableApplicationContext node = start(application, "realtime.broker=redis", property)) {
			assertThat(node.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(Topic.of("several"), Content.text("x")))
				.position()
				.seq()).isPositive();
		}
	}

	private static void assertFails(Class<?> application, String property, String why, CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(application, property, "realtime.redis.prefix=several"))
			.havingRootCause()
			.withMessageContaining(why)
			.matches((ex) -> ex instanceof InvalidRealtimePropertyException
					|| ex.getClass().getSimpleName().equals("RedisUnusableException"));
		assertThat(output).contains("APPLICATION FAILED TO START").contains(why).doesNotContain("\tat ");
	}

	/** Without repositories, which want a template. */
	private static ConfigurableApplicationContext start(Class<?> application, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("spring.data.redis.repositories.enabled=false", "realtime.broker=redis"));
		all.addAll(List.of(properties));
		return PlainNode.start(all, application);
	}

	/** How many messages the database has, or -1 without the tables. */
	private static int messages(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			try (ResultSet table = statement.executeQuery(
					"select count(*) from information_schema.tables where lower(table_name) = 'realtime_message'")) {
				table.next();
				if (table.getInt(1) == 0) {
					return -1;
				}
			}
			try (ResultSet rows = statement.executeQuery("select count(*) from realtime_message")) {
				rows.next();
				return rows.getInt(1);
			}
		}
	}

	private static RedisConnectionFactory redis(int port) {
		return new LettuceConnectionFactory("localhost", port);
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoServers {

		@Bean
		RedisConnectionFactory cache() {
			return redis(NOWHERE);
		}

		@Bean
		RedisConnectionFactory fleet() {
			return redis(RedisServer.shared().port());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryServer {

		@Bean
		RedisConnectionFactory cache() {
			return redis(NOWHERE);
		}

		@Bean
		@Primary
		RedisConnectionFactory fleet() {
			return redis(RedisServer.shared().port());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherClient {

		@Bean
		RedisConnectionFactory jedis() {
			return Mockito.mock(RedisConnectionFactory.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDatabases {

		@Bean
		DataSource archive() {
			return database();
		}

		@Bean
		DataSource orders() {
			return database();
		}

		private static DataSource database() {
			return new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).generateUniqueName(true).build();
		}

	}

}
