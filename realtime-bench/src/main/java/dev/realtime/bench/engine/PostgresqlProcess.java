package dev.realtime.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.redis.RedisProcess;

/**
 * An installed PostgreSQL with a database of its own, as its packages configure it. It
 * refuses to run as root, so root runs it as the user {@code postgres}.
 */
record PostgresqlProcess(Path binaries, Path folder, int port) implements Started {

	private static final int ATTEMPTS = 5;

	static PostgresqlProcess start(Path initdb) {
		Path folder = Program.temporaryFolder("postgresql");
		RuntimeException last = null;
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			PostgresqlProcess server = new PostgresqlProcess(binaries(initdb), folder, RedisProcess.portToTry());
			try {
				if (attempt == 0) {
					server.create();
				}
				server.asUser("pg_ctl", "-D", server.data(), "-l", folder.resolve("log").toString(), "-o",
						"-p " + server.port + " -h 127.0.0.1 -k " + folder, "-w", "start");
				Runtime.getRuntime().addShutdownHook(new Thread(server::close));
				return server;
			}
			catch (IllegalStateException ex) {
				last = ex;
			}
		}
		Program.delete(folder);
		throw new IllegalStateException("PostgreSQL did not start on any of " + ATTEMPTS + " ports", last);
	}

	private static Path binaries(Path initdb) {
		try {
			return initdb.toRealPath().resolveSibling(".").normalize();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void create() {
		if (isRoot()) {
			try {
				Files.setOwner(this.folder,
						this.folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		asUser("initdb", "-D", data(), "-U", "realtime", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
	}

	private String data() {
		return this.folder.resolve("data").toString();
	}

	private void asUser(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		if (isRoot()) {
			command.addAll(List.of("runuser", "-u", "postgres", "--"));
		}
		command.add(this.binaries.resolve(program).toString());
		command.addAll(List.of(arguments));
		Program.run(this.folder.resolveSibling(this.folder.getFileName() + ".log"), Map.of(), command);
	}

	private static boolean isRoot() {
		return System.getProperty("user.name").equals("root");
	}

	@Override
	public String address() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=realtime";
	}

	/** Of the process that all others descend from. */
	@Override
	public double cpuSeconds() {
		try {
			String pid = Files.readAllLines(Path.of(data(), "postmaster.pid")).get(0);
			return ProcessHandle.of(Long.parseLong(pid)).map(Program::cpuSeconds).orElse(0.0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		if (Files.exists(Path.of(data(), "postmaster.pid"))) {
			asUser("pg_ctl", "-D", data(), "-m", "immediate", "stop");
		}
		Program.delete(this.folder);
		Program.delete(this.folder.resolveSibling(this.folder.getFileName() + ".log"));
	}

}
