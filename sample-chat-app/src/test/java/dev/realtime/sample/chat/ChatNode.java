package dev.realtime.sample.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/** One node in a process of its own, from the jar that people run. */
final class ChatNode implements AutoCloseable {

	private static final Pattern STARTED = Pattern
		.compile("Tomcat started on port (\\d+) .*Started ChatApplication in ", Pattern.DOTALL);

	private static final AtomicInteger LAUNCHED = new AtomicInteger();

	/** 0 until it is known. */
	private int port;

	private final Process process;

	private final Path log;

	private ChatNode(int port, Process process, Path log) {
		this.port = port;
		this.process = process;
		this.log = log;
	}

	/** Launches one on a port of its own choice; see {@link #awaitReady()}. */
	static ChatNode launch(String... arguments) {
		return launch(0, arguments);
	}

	/** Launches one on this port; see {@link #awaitReady()}. */
	static ChatNode launch(int port, String... arguments) {
		return launchWith(List.of(), port, arguments);
	}

	/** Launches one from the beans that the build has written down. */
	static ChatNode launchAheadOfTime(int port, String... arguments) {
		return launchWith(List.of("-Dspring.aot.enabled=true"), port, arguments);
	}

	private static ChatNode launchWith(List<String> options, int port, String... arguments) {
		Path jar = Path.of(Objects.requireNonNull(System.getProperty("chat.jar"), "Run this with mvn verify"));
		Path log = jar
			.resolveSibling("node-" + ProcessHandle.current().pid() + "-" + LAUNCHED.incrementAndGet() + ".log");
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
		command.addAll(options);
		command.addAll(List.of("-jar", jar.toString(), "--server.port=" + port));
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			return new ChatNode(port, process, log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	ChatNode awaitReady() {
		Awaitility.await("node that writes to " + this.log)
			.atMost(Duration.ofMinutes(3))
			.until(() -> isStarted() || !this.process.isAlive());
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The node did not start:\n" + output());
		}
		return this;
	}

	int port() {
		return this.port;
	}

	/** Where it listens, after {@link #awaitReady()}. */
	String url() {
		return "http://localhost:" + this.port;
	}

	long pid() {
		return this.process.pid();
	}

	/** SIGKILL: it can say goodbye to nobody. */
	void kill() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

	/** SIGTERM, and waits for its end. */
	void stop() {
		this.process.destroy();
		awaitEnd();
	}

	/** Waits until it ends by itself. */
	int awaitEnd() {
		Awaitility.await("end of the node that writes to " + this.log)
			.atMost(Duration.ofMinutes(3))
			.until(() -> !this.process.isAlive());
		return this.process.exitValue();
	}

	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		kill();
	}

	/**
	 * Whether this process has started: its own output says so, and where it listens.
	 * Another node that answers on the port does not count.
	 */
	private boolean isStarted() {
		Matcher started = STARTED.matcher(output());
		if (!started.find()) {
			return false;
		}
		this.port = Integer.parseInt(started.group(1));
		return true;
	}

}
