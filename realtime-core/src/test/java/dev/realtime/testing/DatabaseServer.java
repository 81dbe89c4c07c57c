package dev.realtime.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;

/**
 * A private database server for tests, with a folder and a port of its own, that can be
 * stopped and started again. It goes with the JVM.
 */
public abstract sealed class DatabaseServer {

	private static final Duration LONGEST = Duration.ofSeconds(60);

	protected final Path folder;

	protected final int port = freePort();

	private DatabaseServer() {
		try {
			this.folder = Files.createTempDirectory("realtime-database");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			stop();
			delete(this.folder);
		}));
	}

	/** A new PostgreSQL. */
	public static DatabaseServer postgresql() {
		DatabaseServer server = new Postgresql();
		server.start();
		return server;
	}

	/** A new MariaDB. */
	public static DatabaseServer mariadb() {
		DatabaseServer server = new Mariadb();
		server.start();
		return server;
	}

	/** Fails, or skips, the test where there is no PostgreSQL. */
	static void requirePostgresql() {
		Postgresql.tool("initdb");
	}

	/** Fails, or skips, the test where there is no MariaDB. */
	static void requireMariadb() {
		Mariadb.tool("mariadbd");
	}

	/** Where it listens, user included. */
	public abstract String url();

	/** Starts it again. */
	public abstract void start();

	/** Stops it without letting anybody finish. */
	public abstract void stop();

	protected final void run(List<String> command) {
		try {
			File output = this.folder.resolve("commands.log").toFile();
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(output))
				.start();
			if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
				throw new IllegalStateException(
						String.join(" ", command) + " failed: " + Files.readString(output.toPath()));
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

	protected final void awaitAnswer() {
		Awaitility.await(url()).atMost(LONGEST).pollInterval(Duration.ofMillis(50)).until(() -> {
			try (Connection connection = DriverManager.getConnection(url())) {
				return connection.isValid(1);
			}
			catch (SQLException ex) {
				return false;
			}
		});
	}

	protected static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/** The first of the candidates that can be run; without one the test cannot be. */
	protected static String binary(String debianPackage, List<Path> candidates) {
		return candidates.stream().filter(Files::isExecutable).map(Path::toString).findFirst().orElseGet(() -> {
			String missing = "No database server at " + candidates + ": install the Debian package " + debianPackage
					+ ", or leave these tests out with -Ddatabases.skip=true";
			Assumptions.assumeFalse(Boolean.getBoolean("databases.skip"), missing);
			throw new AssertionFailedError(missing);
		});
	}

	private static void delete(Path folder) {
		try (Stream<Path> files = Files.walk(folder)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
		catch (IOException ex) {
			// what is left lies in the folder for temporary files
		}
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Refuses to run as root, so root runs it as the user of the Debian package. */
	private static final class Postgresql extends DatabaseServer {

		private final Path data = this.folder.resolve("data");

		private final String control = tool("pg_ctl");

		Postgresql() {
			if (isRoot()) {
				run(List.of("chown", "-R", "postgres", this.folder.toString()));
			}
			asUser(tool("initdb"), "-D", this.data.toString(), "-U", "realtime", "-A", "trust", "-E", "UTF8",
					"--locale=C.UTF-8");
		}

		@Override
		public String url() {
			return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=realtime";
		}

		@Override
		public void start() {
			asUser(this.control, "-D", this.data.toString(), "-l", this.folder.resolve("server.log").toString(), "-o",
					"-p " + this.port + " -h 127.0.0.1 -k " + this.folder, "-w", "start");
			awaitAnswer();
		}

		@Override
		public void stop() {
			if (Files.exists(this.data.resolve("postmaster.pid"))) {
				asUser(this.control, "-D", this.data.toString(), "-m", "immediate", "stop");
			}
		}

		private void asUser(String... command) {
			List<String> full = new ArrayList<>();
			if (isRoot()) {
				full.addAll(List.of("runuser", "-u", "postgres", "--"));
			}
			full.addAll(List.of(command));
			run(full);
		}

		static String tool(String name) {
			List<Path> candidates = new ArrayList<>();
			File[] versions = new File("/usr/lib/postgresql").listFiles();
			for (File version : (versions != null) ? versions : new File[0]) {
				candidates.add(version.toPath().resolve("bin").resolve(name));
			}
			candidates.add(Path.of("/usr/bin", name));
			return binary("postgresql", candidates);
		}

	}

	/** Runs as whoever runs the tests. */
	private static final class Mariadb extends DatabaseServer {

		private final Path data = this.folder.resolve("data");

		private final String server = tool("mariadbd");

		private Process process;

		Mariadb() {
			run(List.of(tool("mariadb-install-db"), "--no-defaults", "--datadir=" + this.data,
					"--auth-root-authentication-method=normal", "--user=" + System.getProperty("user.name")));
			this.process = launch();
		}

		@Override
		public String url() {
			return "jdbc:mariadb://127.0.0.1:" + this.port + "/realtime?user=root&createDatabaseIfNotExist=true";
		}

		@Override
		public void start() {
			if (!this.process.isAlive()) {
				this.process = launch();
			}
			awaitAnswer();
		}

		@Override
		public void stop() {
			this.process.destroyForcibly();
			this.process.onExit().join();
		}

		private Process launch() {
			try {
				return new ProcessBuilder(this.server, "--no-defaults", "--datadir=" + this.data, "--port=" + this.port,
						"--bind-address=127.0.0.1", "--socket=" + this.folder.resolve("s"),
						"--pid-file=" + this.folder.resolve("pid"), "--user=" + System.getProperty("user.name"))
					.redirectErrorStream(true)
					.redirectOutput(this.folder.resolve("server.log").toFile())
					.start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		static String tool(String name) {
			return binary("mariadb-server",
					List.of(Path.of("/usr/sbin", name), Path.of("/usr/bin", name), Path.of("/usr/local/bin", name)));
		}

	}

}
