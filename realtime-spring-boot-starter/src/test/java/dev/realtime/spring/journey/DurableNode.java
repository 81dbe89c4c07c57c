package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.spring.publisher.TopicPublisher;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/**
 * A node that keeps its topics in the application's database, where it also keeps orders.
 */
@Configuration
class DurableNode {

	static ConfigurableApplicationContext start(int redisPort, String databaseUrl, String... properties) {
		return start(List.of(), redisPort, databaseUrl, properties);
	}

	static ConfigurableApplicationContext start(List<Class<?>> more, int redisPort, String databaseUrl,
			String... properties) {
		List<Class<?>> sources = new ArrayList<>(List.of(ChatNode.class, DurableNode.class));
		sources.addAll(more);
		List<String> all = new ArrayList<>(List.of("realtime.log=jdbc", "realtime.jdbc.initialize-schema=always",
				"spring.datasource.url=" + databaseUrl, "server.port=0", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + redisPort, "realtime.topics.fleeting.pattern=fleeting.*",
				"realtime.topics.fleeting.durable=false", "realtime.topic-defaults.client-publish=true",
				"realtime.drain.spread=0s", "realtime.security.anonymous=true", "management.health.redis.enabled=false",
				"management.endpoint.health.show-details=always",
				"management.endpoints.web.exposure.include=health,metrics,realtimedeadletters",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Bean
	Orders orders(JdbcTemplate jdbc) {
		return new Orders(jdbc);
	}

	/** The application's own data. */
	static class Orders {

		private final JdbcTemplate jdbc;

		Orders(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
			jdbc.execute("CREATE TABLE IF NOT EXISTS orders (id VARCHAR(100) PRIMARY KEY)");
		}

		@Transactional
		@TopicPublisher("orders.{id}")
		public String place(String id, Runnable then) {
			add(id);
			then.run();
			return "placed " + id;
		}

		void add(String id) {
			this.jdbc.update("INSERT INTO orders (id) VALUES (?)", id);
		}

		List<String> all() {
			return this.jdbc.queryForList("SELECT id FROM orders ORDER BY id", String.class);
		}

	}

}
