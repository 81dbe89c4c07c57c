package dev.realtime.bench.scenario;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server under test in a process of its own, whose processor time and memory are read
 * from outside.
 */
public final class ServerProcess implements AutoCloseable {

	private static final Pattern READY = Pattern.compile("READY pid=(\\d+) port=(\\d+) http=(\\d+)");

	private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

	private final Process process;

	private final int port;

	private final int http;

	private ServerProcess(Process process, int port, int http) {
		this.process = process;
		this.port = port;
		this.http = http;
	}

	/**
	 * Starts one of this jar's servers, Socket.IO or Centrifugo.
	 * @throws IllegalStateException when it does not come up, with what it printed
	 */
	public static ServerProcess start(String server, Settings settings, String... more) {
		return startFrom("", server, settings, List.of(more));
	}

	/** The same from the jar of another build; from this one where it is empty. */
	static ServerProcess startFrom(String jar, String server, Settings settings, List<String> more) {
		if (server.equals("centrifugo")) {
			return Centrifugo.start(settings.centrifugo());
		}
		List<String> command = new ArrayList<>();
		if (server.equals("socket.io")) {
			command.addAll(List.of("node", "--expose-gc", SocketIo.script().toString(), "0"));
		}
		else {
			command.add(settings.java());
			command.addAll(settings.jvm());
			command.addAll(jar.isEmpty() ? thisProgram() : List.of("-jar", jar));
			command.addAll(List.of("server", "--transport=" + server, "--port=0"));
			command.addAll(more);
		}
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			return awaitReady(process);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A process that something else has started, whose output is read already. */
	static ServerProcess of(Process process, int port, int http) {
		return new ServerProcess(process, port, http);
	}

	public int port() {
		return this.port;
	}

	/** Where it answers HTTP; 0 for none. */
	int http() {
		return this.http;
	}

	long pid() {
		return this.process.pid();
	}

	/** Processor time that the whole process has used, in seconds. */
	double cpuSeconds() {
		return this.process.info().totalCpuDuration().map((time) -> time.toNanos() / 1e9).orElse(0.0);
	}

	/** Processor time of its JVM's compiler, in seconds; 0 without a JVM. */
	double compilerSeconds() {
		return CompilerTime.seconds(pid());
	}

	/** Resident memory of the whole process in KB; 0 where the system does not tell. */
	long residentKb() {
		try (var lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
			return lines.filter((line) -> line.startsWith("VmRSS:"))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
				.findFirst()
				.orElse(0);
		}
		catch (IOException ex) {
			return 0;
		}
	}

	/**
	 * Has the JVM, or Node by a signal that its script knows, or Go by its profiler,
	 * collect all garbage.
	 */
	void collectGarbage() {
		for (int i = 0; i < 2; i++) {
			Path program = program();
			if (program.endsWith("node")) {
				String unused = output("kill", "-USR2", String.valueOf(pid()));
			}
			else if (Files.isExecutable(program.resolveSibling("jcmd"))) {
				String unused = jcmd("GC.run");
			}
			else {
				Centrifugo.collectGarbage(this.http);
			}
		}
	}

	/** Bytes of the objects that a full collection leaves in the JVM's heap. */
	long liveHeap() {
		String histogram = jcmd("GC.class_histogram");
		Matcher total = HISTOGRAM_TOTAL.matcher(histogram);
		if (!total.find()) {
			throw new IllegalStateException("There is no total in what jcmd says: " + histogram);
		}
		return Long.parseLong(total.group(1));
	}

	/** Asks the process to end, as a deployment does, and waits until it has. */
	void stop(Duration atMost) {
		this.process.destroy();
		try {
			if (!this.process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("The server has not ended after " + atMost.toSeconds() + " s");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Path program() {
		return Path.of(this.process.info().command().orElse("java"));
	}

	private String jcmd(String command) {
		return output(program().resolveSibling("jcmd").toString(), String.valueOf(pid()), command);
	}

	private static String output(String... command) {
		try {
			Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
			String printed = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			boolean unused = started.waitFor(30, TimeUnit.SECONDS);
			return printed;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "";
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		try {
			boolean unused = this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static ServerProcess awaitReady(Process process) throws IOException {
		BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
		StringBuilder printed = new StringBuilder();
		for (String line = lines.readLine(); line != null; line = lines.readLine()) {
			Matcher ready = READY.matcher(line);
			if (ready.find()) {
				drain(lines);
				return new ServerProcess(process, Integer.parseInt(ready.group(2)), Integer.parseInt(ready.group(3)));
			}
			printed.append(line).append('\n');
		}
		throw new IllegalStateException("The server did not start:\n" + printed);
	}

	/** What it prints later is shown, so that it never blocks on a full pipe. */
	static void drain(BufferedReader lines) {
		Thread reader = new Thread(() -> lines.lines().forEach((line) -> System.err.println("server: " + line)),
				"server-output");
		reader.setDaemon(true);
		reader.start();
	}

	/** The class path, or the one jar, that this process runs from. */
	private static List<String> thisProgram() {
		String path = System.getProperty("java.class.path");
		return (path.endsWith(".jar") && !path.contains(java.io.File.pathSeparator)) ? List.of("-jar", path)
				: List.of("-cp", path, "dev.realtime.bench.Bench");
	}

}
