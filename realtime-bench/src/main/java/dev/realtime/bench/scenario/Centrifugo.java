package dev.realtime.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.realtime.bench.redis.RedisProcess;

/**
 * A Centrifugo whose binary is given. It is configured to do as little as it can for each
 * delivery: its engine in memory, no history, no recovery, no presence, no
 * authentication, no compression, no log. Everything else is Centrifugo's default.
 */
final class Centrifugo {

	private static final int ATTEMPTS = 5;

	private static final Duration LONGEST = Duration.ofSeconds(20);

	private static final String CONFIGURATION = """
			{
			  "http_server": { "address": "127.0.0.1", "port": PORT },
			  "log": { "level": "error" },
			  "engine": { "type": "memory" },
			  "client": { "insecure": true, "allowed_origins": ["*"] },
			  "health": { "enabled": true },
			  "debug": { "enabled": true },
			  "usage_stats": { "disabled": true }
			}
			""";

	private Centrifugo() {
	}

	/**
	 * Starts it on a port by chance, and tries another if it ends.
	 * @throws IllegalStateException when it does not come up
	 */
	static ServerProcess start(String binary) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			try {
				int port = RedisProcess.portToTry();
				Process process = launch(binary, port);
				if (awaitAnswer(process, port)) {
					return ServerProcess.of(process, port, port);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException("--centrifugo=" + binary + " cannot be run", ex);
			}
		}
		throw new IllegalStateException("Centrifugo ended " + ATTEMPTS + " times, each time on another port");
	}

	/** A heap profile of Go can ask for a collection first. */
	static void collectGarbage(int port) {
		if (!answers(port, "/debug/pprof/heap?gc=1")) {
			throw new IllegalStateException("Centrifugo did not collect its garbage");
		}
	}

	private static Process launch(String binary, int port) throws IOException {
		Path configuration = Files.createTempFile("realtime-bench-centrifugo", ".json");
		Files.writeString(configuration, CONFIGURATION.replace("PORT", String.valueOf(port)));
		configuration.toFile().deleteOnExit();
		Process process = new ProcessBuilder(binary, "--config", configuration.toString()).redirectErrorStream(true)
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
		ServerProcess.drain(process.inputReader());
		return process;
	}

	private static boolean awaitAnswer(Process process, int port) {
		long deadline = System.nanoTime() + LONGEST.toNanos();
		try {
			while (System.nanoTime() < deadline) {
				if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
					return false;
				}
				if (answers(port, "/health")) {
					return true;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		process.destroyForcibly();
		throw new IllegalStateException("Centrifugo does not answer on port " + port);
	}

	private static boolean answers(int port, String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.timeout(Duration.ofSeconds(30))
			.build();
		try {
			return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
