package dev.realtime.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.redis.testcontainers.RedisContainer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis for a test: from Testcontainers when a Docker engine answers, else
 * {@code redis-server} on the PATH, else the binary inside embedded-redis. It listens on
 * a port of its own and keeps nothing on disk, so stopping and starting it again gives an
 * empty server on the same port (not with Docker: see {@link #isRestartable()}).
 */
public final class RedisServer implements AutoCloseable {

	private final int port;

	private final @Nullable RedisContainer container;

	private @Nullable Process process;

	private final List<Path> folders = new ArrayList<>();

	private RedisServer(int port, @Nullable RedisContainer container) {
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
		RedisServer server = new RedisServer(freePort(), null);
		server.restart();
		return server;
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

	/** Starts a server on the same port that holds what the given dump holds. */
	public void restart(@Nullable Path dump) {
		try {
			Path folder = Files.createTempDirectory("redis-test");
			this.folders.add(folder);
			if (dump != null) {
				Files.copy(dump, folder.resolve("dump.rdb"));
			}
			List<String> command = new ArrayList<>(List.of(binary(), "--port", Integer.toString(this.port), "--bind",
					"127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.toString()));
			Process started = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(folder.resolve("redis.log").toFile())
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
			this.process = started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start redis-server", ex);
		}
		Awaitility.await("redis-server").atMost(Duration.ofSeconds(20)).until(this::answers);
	}

	@Override
	public void close() {
		stop();
		this.folders.forEach(RedisServer::delete);
		if (this.container != null) {
			this.container.stop();
		}
	}

	private static void delete(Path folder) {
		for (File file : Objects.requireNonNullElse(folder.toFile().listFiles(), new File[0])) {
			file.delete();
		}
		folder.toFile().delete();
	}

	private boolean answers() {
		try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1_000);
			socket.getOutputStream().write("PING\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
			return socket.getInputStream().read() == '+';
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static String binary() throws IOException {
		for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
			Path candidate = Path.of(folder, "redis-server");
			if (Files.isExecutable(candidate)) {
				return candidate.toString();
			}
		}
		return ExecutableProvider.newJarResourceProvider(Files.createTempDirectory("embedded-redis").toFile())
			.get()
			.getAbsolutePath();
	}

	private static boolean dockerAnswers() {
		boolean engine = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
		return engine && DockerClientFactory.instance().isDockerAvailable();
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class Shared {

		private static final RedisServer SERVER = RedisServer.start();

	}

}
