package dev.realtime.sample.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.awaitility.Awaitility;

/** One node in a process of its own, from the jar that people run. */
final class ChatNode implements AutoCloseable {

	private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

	private final int port;

	private final Process process;

	private final Path log;

	private ChatNode(int port, Process process, Path log) {
		this.port = port;
		this.process = process;
		this.log = log;
	}

	/** Launches one; see {@link #awaitReady()}. */
	static ChatNode launch(int port, String... arguments) {
		Path jar = Path.of(Objects.requireNonNull(System.getProperty("chat.jar"), "Run this with mvn verify"));
		Path log = jar.resolveSibling("node-" + port + ".log");
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-jar",
				jar.toString(), "--server.port=" + port));
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
		Awaitility.await("node on port " + this.port)
			.atMost(Duration.ofMinutes(3))
			.until(() -> answers() || !this.process.isAlive());
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The node on port " + this.port + " did not start:\n" + output());
		}
		return this;
	}

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
		Awaitility.await("end of the node on port " + this.port)
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

	private boolean answers() throws InterruptedException {
		try {
			HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/chat/config"))
				.timeout(Duration.ofSeconds(2))
				.build();
			return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
