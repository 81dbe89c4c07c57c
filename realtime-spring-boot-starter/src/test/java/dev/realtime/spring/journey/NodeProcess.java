package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/** A {@link ChatNode} in a process of its own. */
final class NodeProcess implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("READY port=(\\d+)\\R");

	private final Process process;

	private final int port;

	private NodeProcess(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	static NodeProcess start(int redisPort, String... properties) {
		try {
			Path log = Files.createTempFile("realtime-node", ".log");
			List<String> command = new ArrayList<>(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
							System.getProperty("java.class.path"), ChatNode.class.getName()));
			// A name that is given twice would have both values.
			Map<String, String> options = new LinkedHashMap<>();
			Stream
				.concat(Stream.of("server.port=0", "spring.data.redis.host=127.0.0.1",
						"spring.data.redis.port=" + redisPort, "realtime.topics.rooms.pattern=room.*",
						"realtime.shards=2", "realtime.netty.threads=2", "realtime.topics.rooms.presence=true",
						"realtime.topics.rooms.client-publish=true"), Stream.of(properties))
				.forEach((property) -> options.put(property.substring(0, property.indexOf('=')), "--" + property));
			command.addAll(options.values());
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			Awaitility.await("node process, see " + log)
				.atMost(Duration.ofSeconds(90))
				.until(() -> port(log) > 0 || !process.isAlive());
			if (!process.isAlive()) {
				throw new IllegalStateException("The node did not start: " + Files.readString(log));
			}
			return new NodeProcess(process, port(log));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.port;
	}

	/** SIGKILL: the node can say goodbye to nobody. */
	void kill() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

	@Override
	public void close() {
		kill();
	}

	/** The port that the node has chosen, once it has started completely; 0 before. */
	private static int port(Path log) throws IOException {
		Matcher port = STARTED.matcher(Files.readString(log));
		return port.find() ? Integer.parseInt(port.group(1)) : 0;
	}

}
