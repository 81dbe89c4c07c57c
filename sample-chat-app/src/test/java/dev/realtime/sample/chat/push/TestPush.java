package dev.realtime.sample.chat.push;

import java.time.Duration;
import java.util.List;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The parts of Web Push without an application. */
final class TestPush {

	private TestPush() {
	}

	/** The defaults, apart from what is given here. */
	static PushProperties with(String publicKey, String privateKey, String... services) {
		return with(publicKey, privateKey, Duration.ofSeconds(3), services);
	}

	static PushProperties withTimeout(Duration timeout, String service) {
		return with("", "", timeout, service);
	}

	private static PushProperties with(String publicKey, String privateKey, Duration timeout, String... services) {
		return new PushProperties(publicKey, privateKey, "mailto:ops@example.com", List.of(services),
				Duration.ofHours(12), timeout, 3, 5);
	}

	static PushProperties withServices(String... services) {
		return with("", "", services);
	}

	/** A database with the tables of the sample, which ends with the JVM. */
	static JdbcClient database(String name) {
		DriverManagerDataSource database = new DriverManagerDataSource("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
		new ResourceDatabasePopulator(new ClassPathResource("schema.sql")).execute(database);
		return JdbcClient.create(database);
	}

}
