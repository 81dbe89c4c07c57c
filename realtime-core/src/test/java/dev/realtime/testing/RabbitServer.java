package dev.realtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * An installed {@code rabbitmq-server}, with a node name, ports and folders of its own.
 * It takes some seconds to start, so tests share one. Tests that need it are left out,
 * and say so, where it is not installed; see {@link Engines}.
 */
public final class RabbitServer implements AutoCloseable {

	private final int port;

	private final Path folder = Programs.temporaryFolder("rabbit-test");

	/** Of the daemon that each Erlang starts to be found by others. */
	private final int epmdPort = Ports.reserve();

	private @Nullable Process process;

	/** Further lines of its configuration. */
	private final List<String> lines;

	private RabbitServer(int port, List<String> lines) {
		this.port = port;
		this.lines = lines;
	}

	/** One for all tests that do not stop it; it goes with the JVM. */
	public static RabbitServer shared() {
		Engines.require("rabbitmq-server");
		return Shared.SERVER;
	}

	/**
	 * Starts one and waits until it answers.
	 * @param lines further ones of its configuration
	 */
	public static RabbitServer start(String... lines) {
		Engines.require("rabbitmq-server");
		return Ports.startOnOne((port) -> {
			RabbitServer server = new RabbitServer(port, List.of(lines));
			Programs.atEnd(server::stop);
			server.restart();
			return server;
		});
	}

	public int port() {
		return this.port;
	}

	public String uri() {
		return uri(this.port);
	}

	/** The address of a proxy before it. */
	public static String uri(int port) {
		return "amqp://guest:guest@127.0.0.1:" + port;
	}

	/** Kills it with its virtual machine. */
	public void stop() {
		Process running = this.process;
		if (running != null) {
			Programs.end(running);
			endRegistry();
			this.process = null;
		}
	}

	/** Starts it again on the same port. */
	public void restart() {
		try {
			Path log = this.folder.resolve("out.log");
			Path config = Files.writeString(this.folder.resolve("rabbitmq.conf"), "listeners.tcp.local = 127.0.0.1:"
					+ this.port + "\nlog.file = false\nlog.console = true\n" + String.join("\n", this.lines) + '\n');
			Files.writeString(this.folder.resolve("enabled_plugins"), "[].");
			ProcessBuilder builder = Programs.process(List.of(program().toString()));
			builder.environment()
				.putAll(Map.of("RABBITMQ_NODENAME", "rt" + this.port + "@localhost", "RABBITMQ_NODE_PORT",
						Integer.toString(this.port), "RABBITMQ_DIST_PORT", Integer.toString(Ports.reserve()),
						"ERL_EPMD_PORT", Integer.toString(this.epmdPort), "RABBITMQ_MNESIA_BASE",
						this.folder.toString(), "RABBITMQ_LOG_BASE", this.folder.toString(), "RABBITMQ_CONFIG_FILE",
						config.toString(), "RABBITMQ_ENABLED_PLUGINS_FILE",
						this.folder.resolve("enabled_plugins").toString(), "HOME", this.folder.toString()));
			this.process = Programs.launch("rabbitmq-server", builder, log, (started) -> answers());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		stop();
	}

	/** The daemon with which the virtual machine has registered is no child of it. */
	private void endRegistry() {
		try {
			ProcessBuilder builder = Programs.process(List.of("epmd", "-kill"));
			builder.environment().put("ERL_EPMD_PORT", Integer.toString(this.epmdPort));
			builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
		}
		catch (IOException ex) {
			// it goes with the container or the next restart of the machine
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Debian's own start script changes the user. */
	private static Path program() {
		Path installed = Engines.require("rabbitmq-server");
		Path plain = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
		return Files.isExecutable(plain) ? plain : installed;
	}

	/** Answers a wrong protocol header with its own. */
	private boolean answers() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(2_000);
			socket.getOutputStream().write(new byte[] { 'A', 'M', 'Q', 'P', 9, 9, 9, 9 });
			return socket.getInputStream().readNBytes(4).length == 4;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static final class Shared {

		private static final RabbitServer SERVER = RabbitServer.start();

	}

}
