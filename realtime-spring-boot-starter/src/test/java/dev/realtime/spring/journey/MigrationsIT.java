package dev.realtime.spring.journey;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An application's own migrations make the tables; the engine makes none. */
class MigrationsIT {

	@Test
	void flywayMakesTheTables() {
		works("spring.flyway.enabled=true", "spring.flyway.locations=classpath:dev/realtime/log/jdbc/{vendor}",
				"spring.datasource.url=jdbc:h2:mem:flyway;DB_CLOSE_DELAY=-1");
	}

	@Test
	void liquibaseMakesTheTables() {
		works("spring.liquibase.enabled=true",
				"spring.liquibase.change-log=classpath:dev/realtime/log/jdbc/db.changelog.yaml",
				"spring.datasource.url=jdbc:h2:mem:liquibase;DB_CLOSE_DELAY=-1");
	}

	@Test
	void withoutTablesTheStartFails() {
		assertThatThrownBy(() -> works("spring.datasource.url=jdbc:h2:mem:nothing;DB_CLOSE_DELAY=-1")).rootCause()
			.hasMessageContaining("REALTIME_TOPIC");
	}

	private static void works(String... properties) {
		try (ConfigurableApplicationContext node = start(properties)) {
			assertThat(node.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(Topic.of("room"), Content.text("text")))
				.position()
				.seq()).isEqualTo(1);
		}
	}

	private static ConfigurableApplicationContext start(String... properties) {
		SpringApplication application = new SpringApplication(ChatNode.class);
		String[] arguments = new String[properties.length + 4];
		arguments[0] = "--realtime.broker=memory";
		arguments[1] = "--realtime.log=jdbc";
		arguments[2] = "--realtime.jdbc.initialize-schema=never";
		arguments[3] = "--server.port=0";
		for (int i = 0; i < properties.length; i++) {
			arguments[i + 4] = "--" + properties[i];
		}
		return application.run(arguments);
	}

}
