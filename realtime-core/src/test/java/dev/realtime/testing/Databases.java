package dev.realtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.jdbc.JdbcSchema;

/**
 * The databases that tests share, each with the schema; they go with the JVM. Tests keep
 * apart by their topics.
 */
public final class Databases {

	private Databases() {
	}

	/** H2 in memory. */
	public static DataSource h2() {
		return H2.POOL;
	}

	/** H2 in memory whose texts are equal if they differ in case only. */
	public static DataSource h2IgnoringCase() {
		return H2IgnoringCase.POOL;
	}

	/** H2 in a file. */
	public static DataSource h2File() {
		return H2File.POOL;
	}

	/** A PostgreSQL server. */
	public static DataSource postgresql() {
		DatabaseServer.requirePostgresql();
		return Postgresql.POOL;
	}

	/** A MariaDB server. */
	public static DataSource mariadb() {
		DatabaseServer.requireMariadb();
		return Mariadb.POOL;
	}

	/** A small pool, as applications have it, whose database has the schema. */
	public static HikariDataSource pool(String url) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setMaximumPoolSize(16);
		config.setMinimumIdle(1);
		config.setConnectionTimeout(2_000);
		HikariDataSource pool = new HikariDataSource(config);
		try {
			new JdbcSchema(pool).initialize();
			new JdbcSchema(pool).initialize();
		}
		catch (SQLException ex) {
			pool.close();
			throw new IllegalStateException(ex);
		}
		return pool;
	}

	private static final class H2 {

		private static final DataSource POOL = pool("jdbc:h2:mem:realtime;DB_CLOSE_DELAY=-1");

	}

	private static final class H2IgnoringCase {

		private static final DataSource POOL = pool("jdbc:h2:mem:ignoring;DB_CLOSE_DELAY=-1;IGNORECASE=TRUE");

	}

	private static final class H2File {

		private static final DataSource POOL = pool("jdbc:h2:file:" + folder() + "/realtime");

		private static String folder() {
			try {
				return Files.createTempDirectory("realtime-h2").toString();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	private static final class Postgresql {

		private static final DataSource POOL = pool(DatabaseServer.postgresql().url());

	}

	private static final class Mariadb {

		private static final DataSource POOL = pool(DatabaseServer.mariadb().url());

	}

}
