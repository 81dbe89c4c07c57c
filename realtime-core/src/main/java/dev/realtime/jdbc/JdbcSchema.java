package dev.realtime.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import javax.sql.DataSource;

/**
 * The tables {@code realtime_topic}, {@code realtime_message},
 * {@code realtime_idempotency}, {@code realtime_outbox}, {@code realtime_void},
 * {@code realtime_read}, {@code realtime_reader} and {@code realtime_node}; in PostgreSQL
 * also those of a fleet without any other server ({@code realtime_relay},
 * {@code realtime_presence}, {@code realtime_restriction}, {@code realtime_ticket},
 * {@code realtime_fleet} and those that belong to them). Their files lie on the class
 * path below {@code dev/realtime/log/jdbc}, one folder for each database, named the way
 * that Flyway wants: an application that migrates its schema with Flyway or Liquibase
 * uses them as they are and never calls this.
 */
public final class JdbcSchema {

	/** Applications name it to Flyway and Liquibase, so it stays where it is. */
	private static final String FOLDER = "/dev/realtime/log/jdbc/";

	private static final List<String> VERSIONS = List.of("V1__realtime.sql");

	private final DataSource dataSource;

	/** The schema in the given database. */
	public JdbcSchema(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Creates what is missing and touches nothing else; blocks. Several nodes may call it
	 * at once: who comes second on PostgreSQL may see the other's half and tries again.
	 * @throws SQLException when the database is away or does not allow it
	 * @throws IllegalStateException when the database is none that is supported
	 */
	public void initialize() throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			JdbcDialect.Family family = JdbcDialect.of(connection).family();
			boolean autoCommit = connection.getAutoCommit();
			if (!autoCommit) {
				connection.setAutoCommit(true);
			}
			try {
				create(connection, family);
			}
			finally {
				if (!autoCommit) {
					connection.setAutoCommit(false);
				}
			}
		}
	}

	private static void create(Connection connection, JdbcDialect.Family family) throws SQLException {
		for (String version : VERSIONS) {
			for (String statement : statements(family.folder() + '/' + version)) {
				create(connection, statement);
			}
		}
	}

	/** Two that create the same table at once collide in PostgreSQL's own catalog. */
	private static void create(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			try {
				statement.execute(sql);
			}
			catch (SQLException ex) {
				statement.execute(sql);
			}
		}
	}

	private static List<String> statements(String file) {
		String script = read(file).lines()
			.filter((line) -> !line.strip().startsWith("--"))
			.collect(Collectors.joining("\n"));
		return Arrays.stream(script.split(";", -1)).map(String::strip).filter((sql) -> !sql.isEmpty()).toList();
	}

	private static String read(String file) {
		try (InputStream stream = JdbcSchema.class.getResourceAsStream(FOLDER + file)) {
			if (stream == null) {
				throw new IllegalStateException("The class path lacks " + file);
			}
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
