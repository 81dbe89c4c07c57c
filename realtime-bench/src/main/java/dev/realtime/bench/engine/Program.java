package dev.realtime.bench.engine;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** Installed programs, and what is common to starting them. */
final class Program {

	static final Duration LONGEST = Duration.ofSeconds(60);

	private static final String SYSTEM_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

	private Program() {
	}

	/** Where it is installed, if it is. */
	static Optional<Path> find(String name) {
		String override = System.getProperty("bench." + name);
		if (override != null) {
			return Optional.of(Path.of(override)).filter(Files::isExecutable);
		}
		String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + SYSTEM_FOLDERS;
		File[] postgresql = new File("/usr/lib/postgresql").listFiles();
		return Stream
			.concat(Arrays.stream(path.split(File.pathSeparator, -1)).filter((folder) -> !folder.isEmpty()),
					Arrays.stream((postgresql != null) ? postgresql : new File[0])
						.sorted(Comparator.reverseOrder())
						.map((version) -> version + "/bin"))
			.map((folder) -> Path.of(folder, name))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/** What is not installed of these. */
	static List<String> missing(List<String> names) {
		return names.stream().filter((name) -> find(name).isEmpty()).toList();
	}

	/** Starts a process whose output goes to a file. */
	static Process start(Path log, Map<String, String> environment, List<String> command) {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		builder.environment().merge("PATH", SYSTEM_FOLDERS, (path, more) -> path + File.pathSeparator + more);
		builder.environment().putAll(environment);
		try {
			return builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(command.get(0) + " cannot be started", ex);
		}
	}

	/**
	 * Runs a command to its end.
	 * @throws IllegalStateException when it fails, with what it printed
	 */
	static void run(Path log, Map<String, String> environment, List<String> command) {
		try {
			Process process = start(log, environment, command);
			if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new IllegalStateException(String.join(" ", command) + " failed: " + Files.readString(log));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while " + command.get(0) + " ran", ex);
		}
	}

	/**
	 * Waits until a server answers.
	 * @return false if it ends instead
	 * @throws IllegalStateException when it does neither
	 */
	static boolean awaitAnswer(Process process, String name, BooleanSupplier answers) {
		long deadline = System.nanoTime() + LONGEST.toNanos();
		try {
			while (System.nanoTime() < deadline) {
				if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
					return false;
				}
				if (answers.getAsBoolean()) {
					// One that found its port taken has ended by now.
					return !process.waitFor(200, TimeUnit.MILLISECONDS);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new IllegalStateException(name + " does not answer");
	}

	/** Whether a server sends so many bytes, asked or unasked. */
	static boolean answers(int port, byte[] question, int bytes) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(2_000);
			socket.getOutputStream().write(question);
			return socket.getInputStream().readNBytes(bytes).length == bytes;
		}
		catch (IOException ex) {
			return false;
		}
	}

	static Path temporaryFolder(String name) {
		try {
			return Files.createTempDirectory("realtime-bench-" + name);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void delete(Path folder) {
		try (Stream<Path> files = Files.walk(folder)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
		catch (IOException | UncheckedIOException ex) {
			// The rest stays in the folder for temporary files.
		}
	}

	/** Ends a process and all that it has started. */
	static void end(@Nullable Process process) {
		if (process == null) {
			return;
		}
		List<ProcessHandle> children = process.descendants().toList();
		process.destroyForcibly();
		children.forEach(ProcessHandle::destroyForcibly);
		try {
			boolean unused = process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Processor time of a process and all that it has started, in seconds. */
	static double cpuSeconds(ProcessHandle root) {
		return Stream.concat(Stream.of(root), root.descendants())
			.mapToDouble((each) -> each.info().totalCpuDuration().map((time) -> time.toNanos() / 1e9).orElse(0.0))
			.sum();
	}

}
