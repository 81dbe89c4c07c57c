package dev.realtime.bench.redis;

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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A Redis of a measurement's own, that keeps nothing on disk. */
public final class RedisProcess implements AutoCloseable {

	/** The system property that names the program; {@code redis-server} by default. */
	public static final String PROGRAM = "bench.redis-server";

	/** Below the ports that outgoing connections get. */
	private static final int FIRST_PORT = 10_240;

	private static final int LAST_PORT = 32_767;

	private static final int ATTEMPTS = 10;

	private static final Duration LONGEST = Duration.ofSeconds(10);

	private final Process process;

	private final int port;

	private RedisProcess(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	/**
	 * Starts one, and tries another port if it ends because something else listens on its
	 * port. Blocks until it answers, for at most 10 s for each port.
	 * @param options further ones of its command line
	 * @throws IllegalStateException when there is none, or it does not come up
	 */
	public static RedisProcess start(String... options) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			RedisProcess redis = launch(portToTry(), options);
			if (redis.awaitAnswer()) {
				return redis;
			}
			redis.close();
		}
		throw new IllegalStateException("redis-server ended " + ATTEMPTS + " times, each time on another port");
	}

	/**
	 * Returns a port for a server that must be told its own. Another program may have it:
	 * then the server ends, and is to be started on another one.
	 */
	public static int portToTry() {
		return ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
	}

	private static RedisProcess launch(int port, String... options) {
		try {
			Path folder = Files.createTempDirectory("realtime-bench-redis");
			List<String> command = new ArrayList<>(
					List.of(System.getProperty(PROGRAM, "redis-server"), "--port", String.valueOf(port), "--bind",
							"127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.toString()));
			command.addAll(List.of(options));
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			return new RedisProcess(process, port);
		}
		catch (IOException ex) {
			throw new IllegalStateException("redis-server cannot be started; install Redis and put it on the PATH", ex);
		}
	}

	public int port() {
		return this.port;
	}

	/** How long the server has been on a core, in ns, to some 10 ms; 0 if unknown. */
	public long coreNanos() {
		return this.process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
	}

	/** How often it has carried out each command. */
	public CommandCounts commands() {
		try {
			return CommandCounts.of(info("commandstats"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		try {
			boolean unused = this.process.waitFor(5, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Waits until it answers; false if it ends instead. */
	private boolean awaitAnswer() {
		long deadline = System.nanoTime() + LONGEST.toNanos();
		while (System.nanoTime() < deadline) {
			if (answers()) {
				return true;
			}
			try {
				if (this.process.waitFor(20, TimeUnit.MILLISECONDS)) {
					return false;
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				break;
			}
		}
		close();
		throw new IllegalStateException("redis-server does not answer on port " + this.port);
	}

	/** Whether this process answers: another server may listen on the port. */
	private boolean answers() {
		try {
			return info("server").contains("process_id:" + this.process.pid() + "\r\n");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private String info(String section) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(1_000);
			socket.getOutputStream().write(("INFO " + section + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

}
