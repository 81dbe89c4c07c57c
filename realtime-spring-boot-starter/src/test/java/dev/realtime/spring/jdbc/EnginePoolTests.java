package dev.realtime.spring.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EnginePoolTests {

	private static final String URL = "jdbc:h2:mem:rotation";

	/** The database is there as long as this is open. */
	private final Connection administrator;

	EnginePoolTests() throws SQLException {
		this.administrator = DriverManager.getConnection(URL, "sa", "");
	}

	@AfterEach
	void close() throws SQLException {
		this.administrator.close();
	}

	@Test
	void rule11_theEngineFollowsARotationOfThePassword() throws Exception {
		administer("CREATE USER app PASSWORD 'old'");
		try (HikariDataSource application = new HikariDataSource(config("old"));
				EnginePool engine = EnginePool.of(application, true, 2, Duration.ofSeconds(3))) {
			assertThat(user(engine)).isEqualTo("APP");
			administer("ALTER USER app SET PASSWORD 'new'");
			application.setPassword("new");
			evict(engine);

			assertThat(user(engine)).isEqualTo("APP");
		}
	}

	@Test
	void rule11_aPoolWhosePasswordsAreMadeWhenTheyAreNeededIsAskedEachTime() throws Exception {
		administer("CREATE USER app PASSWORD 'first'");
		try (Generated application = new Generated("first");
				EnginePool engine = EnginePool.of(application, true, 2, Duration.ofSeconds(3))) {
			administer("ALTER USER app SET PASSWORD 'second'");
			application.password = "second";
			evict(engine);

			assertThat(user(engine)).isEqualTo("APP");
		}
	}

	private static HikariConfig config(String password) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(URL);
		config.setUsername("app");
		config.setPassword(password);
		config.setMaximumPoolSize(2);
		return config;
	}

	private void administer(String sql) throws SQLException {
		try (Statement statement = this.administrator.createStatement()) {
			statement.execute(sql);
		}
	}

	/** As the end of their lives does: new ones are opened. */
	private static void evict(EnginePool engine) {
		((HikariDataSource) engine.dataSource()).getHikariPoolMXBean().softEvictConnections();
	}

	private static String user(EnginePool engine) throws SQLException {
		try (Connection connection = engine.dataSource().getConnection()) {
			return connection.getMetaData().getUserName();
		}
	}

	/** As pools for clouds do, whose passwords are tokens that end. */
	private static final class Generated extends HikariDataSource {

		private volatile String password;

		Generated(String password) {
			super(config(password));
			this.password = password;
		}

		@Override
		public Credentials getCredentials() {
			String made = this.password;
			return (made != null) ? Credentials.of(getUsername(), made) : super.getCredentials();
		}

	}

}
