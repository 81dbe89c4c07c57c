package dev.realtime.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Where tests find the servers that they start: an installed one first, else the one that
 * a test dependency brings. With {@code REALTIME_TEST_SERVERS=bundled} in the environment
 * installed ones are not found.
 */
final class Programs {

	/**
	 * What hides installed servers with {@link #BUNDLED}, in the environment or as a
	 * system property.
	 */
	static final String SERVERS = "REALTIME_TEST_SERVERS";

	static final String BUNDLED = "bundled";

	/** Where the programs' scripts find their tools. */
	private static final String SYSTEM_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

	private static final long PLENTY = 2L << 30;

	private static final Deque<Runnable> AT_END = new ConcurrentLinkedDeque<>();

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> AT_END.forEach(Runnable::run)));
	}

	private final List<String> path;

	private final boolean onlyBundled;

	Programs(Map<String, String> environment) {
		this.path = List.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1));
		this.onlyBundled = BUNDLED.equals(environment.get(SERVERS)) || BUNDLED.equals(System.getProperty(SERVERS));
	}

	/** Those of this machine. */
	static Programs here() {
		return new Programs(System.getenv());
	}

	/** Whether installed ones are hidden. */
	boolean onlyBundled() {
		return this.onlyBundled;
	}

	/** An installed program, on the PATH or in one of these folders. */
	Optional<Path> installed(String name, Path... folders) {
		return this.onlyBundled ? Optional.empty() : tool(name, folders);
	}

	/** A tool of the operating system, which is never hidden. */
	Optional<Path> tool(String name, Path... folders) {
		return Stream.concat(this.path.stream().filter((folder) -> !folder.isEmpty()).map(Path::of), Stream.of(folders))
			.map((folder) -> folder.resolve(name))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/** A process that finds the tools of the operating system whatever the PATH is. */
	static ProcessBuilder process(List<String> command) {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().merge("PATH", SYSTEM_FOLDERS, (path, system) -> path + File.pathSeparator + system);
		return builder;
	}

	/**
	 * Starts a server and waits for its answer, for a minute at most. It ends with the
	 * JVM.
	 * @param log where its output goes
	 * @param answers whether it answers
	 * @throws Ports.TakenException when it ends because its port is in use
	 */
	static Process launch(String name, ProcessBuilder builder, Path log, Answering answers) {
		try {
			Process started = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
			atEnd(() -> end(started));
			Awaitility.await(name)
				.atMost(Duration.ofMinutes(1))
				.until(() -> !started.isAlive() || answers.isTrueOf(started));
			if (!started.isAlive()) {
				String message = name + " ended: " + Files.readString(log);
				throw Ports.saysTaken(log) ? new Ports.TakenException(message) : new IllegalStateException(message);
			}
			return started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start " + name, ex);
		}
	}

	/** Kills a process and what it has started, and waits for its end. */
	static void end(Process process) {
		process.descendants().forEach(ProcessHandle::destroyForcibly);
		process.destroyForcibly().onExit().join();
	}

	/** Runs it when the JVM ends, before any temporary folder is deleted. */
	static void atEnd(Runnable action) {
		AT_END.addFirst(action);
	}

	/** A folder that is deleted when the JVM ends. */
	static Path temporaryFolder(String prefix) {
		return temporaryFolder(Path.of(System.getProperty("java.io.tmpdir")), prefix);
	}

	/**
	 * A folder for a database, deleted when the JVM ends: in memory where there is
	 * plenty, since waiting for a disk is most of what a database does in tests.
	 */
	static Path databaseFolder(String prefix) {
		Path memory = Path.of("/dev/shm");
		boolean plenty = Files.isWritable(memory) && memory.toFile().getUsableSpace() >= PLENTY;
		return plenty ? temporaryFolder(memory, prefix) : temporaryFolder(prefix);
	}

	private static Path temporaryFolder(Path parent, String prefix) {
		try {
			Path folder = Files.createTempDirectory(parent, prefix).toRealPath();
			AT_END.addLast(() -> delete(folder));
			return folder;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Deletes what can be deleted. */
	static void delete(Path folder) {
		try {
			Files.walkFileTree(folder, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
					file.toFile().delete();
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFileFailed(Path file, IOException ex) {
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException ex) {
					visited.toFile().delete();
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			// the rest stays in the folder for temporary files
		}
	}

	/** Whether a server answers. */
	@FunctionalInterface
	interface Answering {

		/** Looks once; an exception ends the start. */
		boolean isTrueOf(Process started) throws IOException;

	}

}
