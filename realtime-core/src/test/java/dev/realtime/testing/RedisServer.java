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

import com.redis.testcontainers.RedisContainer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * A real Redis for a test: from Testcontainers when a Docker engine answers, else an
 * installed {@code redis-server}, else the one inside embedded-redis. It listens on a
 * port of its own and keeps nothing on disk, so stopping and starting it again gives an
 * empty server on the same port (not with Docker: see {@link #isRestartable()}).
 */
public final class RedisServer implements AutoCloseable {

	private final int port;

	private final @Nullable RedisContainer container;

	private @Nullable Process process;

	private final List<Path> folders = new ArrayList<>();

	/** What the server is told besides. */
	private final List<String> more;

	private RedisServer(int port, @Nullable RedisContainer container, String... more) {
		this.more = List.of(more);
		this.port = port;
		this.container = container;
	}

	/** Starts one and waits until it answers. */
	public static RedisServer start() {
		if (dockerAnswers()) {
			RedisContainer container = new RedisContainer(RedisContainer.DEFAULT_IMAGE_NAME.withTag("7-alpine"));
			container.start();
			return new RedisServer(container.getFirstMappedPort(), container);
		}
		return startProcess();
	}

	/**
	 * One for all tests that neither stop it nor mind what others keep in it; it goes
	 * with the JVM.
	 */
	public static RedisServer shared() {
		return Shared.SERVER;
	}

	/**
	 * Starts one that can be stopped and started again on its port: never a container.
	 */
	public static RedisServer startProcess() {
		return Ports.startOnOne(RedisServer::startProcess);
	}

	/**
	 * Starts one that has written each change to its file before it answers.
	 */
	public static RedisServer startPersistent() {
		return Ports.startOnOne((port) -> startProcess(port, "--appendonly", "yes", "--appendfsync", "always"));
	}

	static RedisServer startProcess(int port) {
		return startProcess(port, new String[0]);
	}

	static RedisServer startProcess(int port, String... more) {
		RedisServer server = new RedisServer(port, null, more);
		try {
			server.restart();
			return server;
		}
		catch (RuntimeException ex) {
			server.close();
			throw ex;
		}
	}

	public int port() {
		return this.port;
	}

	public String uri() {
		return "redis://127.0.0.1:" + this.port;
	}

	/** Whether {@link #stop()} and {@link #restart()} work. */
	public boolean isRestartable() {
		return this.container == null;
	}

	/** Kills the server (SIGKILL); whatever it held is gone. */
	public void stop() {
		Process running = this.process;
		if (running != null) {
			running.destroyForcibly();
			running.onExit().join();
			this.process = null;
		}
	}

	/** Starts an empty server on the same port, after {@link #stop()}. */
	public void restart() {
		restart(null);
	}

	/** Starts a server again on the same port with the files that it had. */
	public void restartInPlace() {
		launch(this.folders.get(this.folders.size() - 1));
	}

	/** Starts a server on the same port that holds what the given dump holds. */
	public void restart(@Nullable Path dump) {
		launch(folder(dump));
	}

	/**
	 * Starts a server that takes 5 ms to load each key of the dump; returns when it
	 * answers that it is loading. It goes on as fast as it can after
	 * {@code CONFIG SET key-load-delay 0}, see {@link #say}.
	 */
	public void restartLoading(Path dump) {
		launch(folder(dump), "loading:1\r\n", "--key-load-delay", "5000", "--loading-process-events-interval-bytes",
				"1024");
	}

	/** Sends a command as one line, and returns what comes back. */
	public String say(String command) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(5_000);
			socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path folder(@Nullable Path dump) {
		try {
			Path folder = Files.createTempDirectory("redis-test");
			this.folders.add(folder);
			if (dump != null) {
				Files.copy(dump, folder.resolve("dump.rdb"));
			}
			return folder;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start redis-server", ex);
		}
	}

	private void launch(Path folder) {
		launch(folder, "loading:0\r\n");
	}

	private void launch(Path folder, String state, String... once) {
		List<String> command = new ArrayList<>(List.of(binary().toString(), "--port", Integer.toString(this.port),
				"--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.toString()));
		command.addAll(this.more);
		command.addAll(List.of(once));
		this.process = Programs.launch("redis-server", new ProcessBuilder(command), folder.resolve("redis.log"),
				(started) -> answers(started.pid(), state));
	}

	@Override
	public void close() {
		stop();
		this.folders.forEach(Programs::delete);
		if (this.container != null) {
			this.container.stop();
		}
	}

	/** Whether this process answers: another server may listen on the port. */
	private boolean answers(long pid, String state) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1_000);
			socket.getOutputStream().write("INFO\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			return answer.contains("process_id:" + pid + "\r\n") && answer.contains(state);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** The installed {@code redis-server}, else the bundled one. */
	public static Path binary() {
		return Programs.here()
			.installed("redis-server", Path.of("/usr/bin"), Path.of("/usr/local/bin"))
			.orElseGet(() -> BundledRedis.BINARY);
	}

	private static boolean dockerAnswers() {
		boolean engine = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
		return engine && !Programs.here().onlyBundled() && DockerClientFactory.instance().isDockerAvailable();
	}

	private static final class Shared {

		private static final RedisServer SERVER = RedisServer.start();

	}

}
