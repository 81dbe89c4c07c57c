package dev.realtime.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;

/**
 * A private database server for tests, with a folder and a port of its own, that can be
 * stopped and started again. It ends with the JVM. An installed server is used first,
 * else the one that a test dependency brings.
 */
public abstract sealed class DatabaseServer permits PostgresqlServer, MariadbServer {

	private static final Duration LONGEST = Duration.ofSeconds(60);

	protected final Path folder;

	protected final Path data;

	protected final Path log;

	protected final int port;

	protected DatabaseServer(int port) {
		this.port = port;
		this.folder = Programs.databaseFolder("realtime-database");
		this.data = this.folder.resolve("data");
		this.log = this.folder.resolve("server.log");
		Programs.atEnd(this::stop);
	}

	/** A new PostgreSQL. */
	public static DatabaseServer postgresql() {
		return Ports.startOnOne((port) -> started(new PostgresqlServer(port)));
	}

	/** A new MariaDB. */
	public static DatabaseServer mariadb() {
		return Ports.startOnOne((port) -> started(new MariadbServer(port)));
	}

	/** Fails, or skips, the test when no PostgreSQL can be had. */
	static void requirePostgresql() {
		PostgresqlServer.binaries();
	}

	/** Fails, or skips, the test when no MariaDB can be had. */
	static void requireMariadb() {
		MariadbServer.binaries();
	}

	/** Where it listens, user included. */
	public abstract String url();

	/** Starts it again. */
	public abstract void start();

	/** Stops it without letting anybody finish. */
	public abstract void stop();

	/** The query for the folder that a server keeps its data in. */
	protected abstract String dataFolderQuery();

	/** Throws when the server has ended. */
	protected abstract void requireRunning();

	private static DatabaseServer started(DatabaseServer server) {
		try {
			server.start();
			return server;
		}
		catch (RuntimeException ex) {
			server.stop();
			throw ex;
		}
	}

	protected final void run(List<String> command) {
		try {
			File output = this.folder.resolve("commands.log").toFile();
			Process process = Programs.process(command)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(output))
				.start();
			if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
				throw failure(String.join(" ", command) + " failed: " + Files.readString(output.toPath()));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** What is thrown when it does not start. */
	protected final IllegalStateException failure(String message) {
		return Ports.saysTaken(this.log) ? new Ports.TakenException(message) : new IllegalStateException(message);
	}

	/** Waits for this server's answer; that of another one on its port does not count. */
	protected final void awaitAnswer() {
		Awaitility.await(url()).atMost(LONGEST).pollInterval(Duration.ofMillis(50)).until(() -> {
			requireRunning();
			try (Connection connection = DriverManager.getConnection(url());
					Statement statement = connection.createStatement();
					ResultSet answer = statement.executeQuery(dataFolderQuery())) {
				return answer.next() && Path.of(answer.getString(1)).equals(this.data);
			}
			catch (SQLException ex) {
				return false;
			}
		});
	}

	protected static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/** What is thrown, or skips the test, when neither is there. */
	static AssertionFailedError missing(String debianPackage) {
		String missing = "No database server is installed, and none is bundled for this machine: install the Debian"
				+ " package " + debianPackage + ", or leave these tests out with -Ddatabases.skip=true";
		Assumptions.assumeFalse(Boolean.getBoolean("databases.skip"), missing);
		return new AssertionFailedError(missing);
	}

}
