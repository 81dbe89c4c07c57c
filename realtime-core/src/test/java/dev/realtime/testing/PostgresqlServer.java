package dev.realtime.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A PostgreSQL. It refuses to run as root, so root runs it as the user {@code postgres}
 * of a distribution's package, or as {@code nobody}. It does not sync: tests kill
 * servers, not machines.
 */
final class PostgresqlServer extends DatabaseServer {

	private final Path binaries = binaries();

	PostgresqlServer(int port) {
		super(port);
		if (isRoot()) {
			giveAway(this.folder);
		}
		asUser("initdb", "-D", this.data.toString(), "-U", "realtime", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
				"--no-sync");
	}

	@Override
	public String url() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=realtime";
	}

	@Override
	public void start() {
		asUser("pg_ctl", "-D", this.data.toString(), "-l", this.log.toString(), "-o",
				"-F -p " + this.port + " -h 127.0.0.1 -k " + this.folder, "-w", "start");
		awaitAnswer();
	}

	@Override
	public void stop() {
		if (Files.exists(this.data.resolve("postmaster.pid"))) {
			asUser("pg_ctl", "-D", this.data.toString(), "-m", "immediate", "stop");
		}
	}

	@Override
	protected String dataFolderQuery() {
		return "SHOW data_directory";
	}

	@Override
	protected void requireRunning() {
		// pg_ctl has waited for it
	}

	/** The folder with {@code initdb}, {@code pg_ctl} and {@code postgres}. */
	static Path binaries() {
		return Programs.here().installed("initdb", folders()).map(PostgresqlServer::folderOf).orElseGet(() -> {
			Path bundled = BundledDatabases.postgresql();
			if (bundled == null) {
				throw missing("postgresql");
			}
			if (isRoot()) {
				giveAway(bundled);
			}
			return bundled.resolve("bin");
		});
	}

	private static Path[] folders() {
		File[] versions = Objects.requireNonNullElse(new File("/usr/lib/postgresql").listFiles(), new File[0]);
		return Stream
			.concat(Arrays.stream(versions).map((version) -> version.toPath().resolve("bin")),
					Stream.of(Path.of("/usr/bin"), Path.of("/usr/local/bin")))
			.toArray(Path[]::new);
	}

	/** Of what links lead to: there the others lie beside it. */
	private static Path folderOf(Path initdb) {
		try {
			return initdb.toRealPath().resolveSibling(".").normalize();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void asUser(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		if (isRoot()) {
			Path runuser = Programs.here()
				.tool("runuser", Path.of("/usr/sbin"), Path.of("/sbin"))
				.orElseThrow(() -> new IllegalStateException(
						"PostgreSQL does not run as root, and there is no runuser: run the tests as another user"));
			command.addAll(List.of(runuser.toString(), "-u", user().getName(), "--"));
		}
		command.add(this.binaries.resolve(program).toString());
		command.addAll(List.of(arguments));
		run(command);
	}

	/** Makes root's files those of the server's user. */
	private static void giveAway(Path folder) {
		UserPrincipal user = user();
		try (Stream<Path> files = Files.walk(folder)) {
			for (Path file : files.toList()) {
				Files.getFileAttributeView(file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
					.setOwner(user);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static UserPrincipal user() {
		FileSystem files = Path.of("/").getFileSystem();
		try {
			return files.getUserPrincipalLookupService().lookupPrincipalByName("postgres");
		}
		catch (UserPrincipalNotFoundException ex) {
			try {
				return files.getUserPrincipalLookupService().lookupPrincipalByName("nobody");
			}
			catch (IOException nobody) {
				throw new UncheckedIOException(nobody);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
