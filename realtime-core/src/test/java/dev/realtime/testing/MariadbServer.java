package dev.realtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB, which runs as the user who runs the tests. It does not sync: tests kill
 * servers, not machines.
 */
final class MariadbServer extends DatabaseServer {

	private final Binaries binaries = binaries();

	private Process process;

	MariadbServer(int port) {
		super(port);
		List<String> install = new ArrayList<>(List.of(this.binaries.install.toString(), "--no-defaults"));
		install.addAll(this.binaries.options);
		install.addAll(List.of("--datadir=" + this.data, "--auth-root-authentication-method=normal", "--skip-test-db",
				"--user=" + System.getProperty("user.name")));
		run(install);
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

	@Override
	protected String dataFolderQuery() {
		return "SELECT @@datadir";
	}

	@Override
	protected void requireRunning() {
		if (!this.process.isAlive()) {
			try {
				throw failure("mariadbd ended: " + Files.readString(this.log));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private Process launch() {
		try {
			List<String> command = new ArrayList<>(List.of(this.binaries.server.toString(), "--no-defaults"));
			command.addAll(this.binaries.options);
			command.addAll(List.of("--datadir=" + this.data, "--port=" + this.port, "--bind-address=127.0.0.1",
					"--socket=" + this.folder.resolve("s"), "--pid-file=" + this.folder.resolve("pid"),
					// version 11 would make a certificate of its own at each start, for
					// seconds
					"--skip-ssl", "--innodb-flush-log-at-trx-commit=2", "--user=" + System.getProperty("user.name")));
			return Programs.process(command).redirectOutput(this.log.toFile()).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Binaries binaries() {
		Path[] folders = { Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin") };
		Programs here = Programs.here();
		return here.installed("mariadbd", folders)
			.flatMap((server) -> here.installed("mariadb-install-db", folders)
				.map((install) -> new Binaries(server, install, List.of())))
			.orElseGet(() -> {
				Path bundled = BundledDatabases.mariadb();
				if (bundled == null) {
					throw missing("mariadb-server");
				}
				return new Binaries(bundled.resolve("bin/mariadbd"), bundled.resolve("scripts/mariadb-install-db"),
						List.of("--basedir=" + bundled));
			});
	}

	/** The programs, and the options with which both find the rest. */
	record Binaries(Path server, Path install, List<String> options) {

	}

}
