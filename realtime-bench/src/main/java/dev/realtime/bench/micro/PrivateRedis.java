package dev.realtime.bench.micro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;

/**
 * A {@code redis-server} from the PATH on a port of its own, with nothing on disk, and a
 * client of it.
 */
final class PrivateRedis implements AutoCloseable {

	private static final int ATTEMPTS = 200;

	private final Process process;

	private final RedisClient client;

	/** Starts it; blocks until it answers, for at most 10 s. */
	PrivateRedis() {
		try {
			int port = freePort();
			this.process = new ProcessBuilder("redis-server", "--port", Integer.toString(port), "--bind", "127.0.0.1",
					"--save", "", "--appendonly", "no")
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(this.process::destroyForcibly));
			awaitAnswer(port);
			this.client = RedisClient.create("redis://127.0.0.1:" + port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start redis-server", ex);
		}
	}

	RedisClient client() {
		return this.client;
	}

	/** How long the server has been on a core, in ns, to some 10 ms; 0 if unknown. */
	long coreNanos() {
		return this.process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
	}

	@Override
	public void close() {
		this.client.shutdown(0, 2, TimeUnit.SECONDS);
		this.process.destroyForcibly();
	}

	private static void awaitAnswer(int port) throws IOException {
		for (int i = 0; i < ATTEMPTS; i++) {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
				socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
				if (socket.getInputStream().read() == '+') {
					return;
				}
			}
			catch (IOException ex) {
				pause();
			}
		}
		throw new IOException("redis-server does not answer on port " + port);
	}

	private static void pause() throws IOException {
		try {
			TimeUnit.MILLISECONDS.sleep(50);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted while redis-server was starting", ex);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
