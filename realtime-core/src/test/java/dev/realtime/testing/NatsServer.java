package dev.realtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * An installed {@code nats-server} on a port of its own, which can be stopped and started
 * again. Tests that need it are left out, and say so, where it is not installed; see
 * {@link Engines}.
 */
public final class NatsServer implements AutoCloseable {

	private final int port;

	private final List<String> options;

	private final Path log = Programs.temporaryFolder("nats-test").resolve("nats.log");

	private @Nullable Process process;

	private NatsServer(int port, List<String> options) {
		this.port = port;
		this.options = options;
	}

	/** One for all tests that do not stop it; it goes with the JVM. */
	public static NatsServer shared() {
		Engines.require("nats-server");
		return Shared.SERVER;
	}

	/** Starts one with further options of its command line. */
	public static NatsServer start(String... options) {
		Engines.require("nats-server");
		return Ports.startOnOne((port) -> {
			NatsServer server = new NatsServer(port, List.of(options));
			server.restart();
			return server;
		});
	}

	public int port() {
		return this.port;
	}

	public String uri() {
		return "nats://127.0.0.1:" + this.port;
	}

	/** Kills it. */
	public void stop() {
		Process running = this.process;
		if (running != null) {
			running.destroyForcibly();
			running.onExit().join();
			this.process = null;
		}
	}

	/** Starts it again on the same port. */
	public void restart() {
		List<String> command = new ArrayList<>(List.of(Engines.require("nats-server").toString(), "-a", "127.0.0.1",
				"-p", Integer.toString(this.port)));
		command.addAll(this.options);
		this.process = Programs.launch("nats-server", Programs.process(command), this.log,
				(started) -> says("Server is ready") && answers());
	}

	@Override
	public void close() {
		stop();
	}

	private boolean says(String text) throws IOException {
		return Files.readString(this.log).contains(text);
	}

	private boolean answers() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1_000);
			byte[] greeting = socket.getInputStream().readNBytes(5);
			return new String(greeting, StandardCharsets.US_ASCII).startsWith("INFO ");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static final class Shared {

		private static final NatsServer SERVER = NatsServer.start();

	}

}
