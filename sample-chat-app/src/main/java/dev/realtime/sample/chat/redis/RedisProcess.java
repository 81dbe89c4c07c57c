package dev.realtime.sample.chat.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import redis.embedded.core.ExecutableProvider;

import org.springframework.util.FileSystemUtils;

/** The redis-server of embedded-redis, on this machine only and with nothing on disk. */
class RedisProcess {

	private static final Duration ANSWER = Duration.ofSeconds(2);

	private static final Duration START = Duration.ofSeconds(10);

	private static final String LOG = "redis.log";

	/** How a node that asks who else is there calls itself. */
	private static final String LEAVING = "chat-leaving";

	private final int port;

	RedisProcess(int port) {
		this.port = port;
	}

	int port() {
		return this.port;
	}

	/**
	 * Starts it, or finds it running.
	 * @return whether it was started
	 * @throws EmbeddedRedisException when something else has the port, or it cannot run
	 */
	boolean startUnlessRunning() {
		if (answers()) {
			return false;
		}
		try {
			Path folder = Files.createTempDirectory("chat-redis");
			try {
				awaitAnswer(launch(folder), folder);
			}
			finally {
				// A running program does without its file; on Windows it stays, unused.
				FileSystemUtils.deleteRecursively(folder.toFile());
			}
			return true;
		}
		catch (IOException ex) {
			throw new EmbeddedRedisException(this.port, String.valueOf(ex.getMessage()), ex);
		}
	}

	/**
	 * Stops it when no other node is connected. Never fails: the node is going anyway.
	 */
	void stopUnlessUsed() {
		try (Probe probe = new Probe(this.port)) {
			RedisCommands<String, String> redis = probe.commands();
			redis.clientSetname(LEAVING);
			if (redis.clientList().lines().allMatch((client) -> client.contains(" name=" + LEAVING + ' '))) {
				redis.shutdown(false);
			}
		}
		catch (RedisException ex) {
			// Gone already, with another node that left at the same time.
		}
	}

	private boolean answers() {
		try (Probe probe = new Probe(this.port)) {
			return "PONG".equals(probe.commands().ping());
		}
		catch (RedisException ex) {
			return false;
		}
	}

	/**
	 * As a daemon it survives the node's death, and a Ctrl-C in the node's terminal.
	 * Windows has neither; there it is a plain child, which outlives its parent too.
	 */
	private Process launch(Path folder) throws IOException {
		String binary = ExecutableProvider.newJarResourceProvider(folder.toFile()).get().getAbsolutePath();
		List<String> command = new ArrayList<>(List.of(binary, "--port", Integer.toString(this.port), "--bind",
				"127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.toString(), "--logfile", LOG));
		if (!System.getProperty("os.name", "").startsWith("Windows")) {
			command.addAll(List.of("--daemonize", "yes"));
		}
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
	}

	private void awaitAnswer(Process launched, Path folder) throws IOException {
		long deadline = System.nanoTime() + START.toNanos();
		while (System.nanoTime() < deadline) {
			if (answers()) {
				return;
			}
			pause(launched);
		}
		throw new EmbeddedRedisException(this.port, lastWords(folder), null);
	}

	/** Waits a moment; a launcher that failed is not worth waiting for. */
	private void pause(Process launched) throws IOException {
		try {
			if (launched.waitFor(100, TimeUnit.MILLISECONDS)) {
				if (launched.exitValue() != 0) {
					throw new IOException("redis-server ended with code " + launched.exitValue());
				}
				TimeUnit.MILLISECONDS.sleep(100);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted while redis-server was starting", ex);
		}
	}

	private static String lastWords(Path folder) throws IOException {
		Path log = folder.resolve(LOG);
		List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
		String last = lines.isEmpty() ? "it does not answer" : lines.get(lines.size() - 1);
		return last.substring(last.indexOf('#') + 1).strip();
	}

	/** One short connection. */
	private static final class Probe implements AutoCloseable {

		private final RedisClient client;

		private final StatefulRedisConnection<String, String> connection;

		Probe(int port) {
			this.client = RedisClient
				.create(RedisURI.builder().withHost("127.0.0.1").withPort(port).withTimeout(ANSWER).build());
			try {
				this.connection = this.client.connect();
			}
			catch (RedisException ex) {
				this.client.shutdown(Duration.ZERO, ANSWER);
				throw ex;
			}
		}

		RedisCommands<String, String> commands() {
			return this.connection.sync();
		}

		@Override
		public void close() {
			this.client.shutdown(Duration.ZERO, ANSWER);
		}

	}

}
