package dev.realtime.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.redis.RedisProcess;

/**
 * Kafka by the start script of its distribution: broker and controller in one process,
 * with a folder of its own.
 */
record KafkaProcess(Process process, int port, Path folder) implements Started {

	private static final int ATTEMPTS = 5;

	/** Asks which requests it knows: length, key, version, number, no client's name. */
	private static final byte[] API_VERSIONS = { 0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, -1, -1 };

	static KafkaProcess start(Path script) {
		String said = "";
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			int port = RedisProcess.portToTry();
			Path folder = Program.temporaryFolder("kafka");
			Process process = Program.start(folder.resolve("log"), Map.of("LOG_DIR", folder.toString()),
					List.of(script.toString(), configuration(folder, port).toString()));
			KafkaProcess kafka = new KafkaProcess(process, port, folder);
			Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
			if (Program.awaitAnswer(process, "Kafka", () -> Program.answers(port, API_VERSIONS, 8))) {
				return kafka;
			}
			said = said(folder);
			kafka.close();
		}
		throw new IllegalStateException("Kafka ended " + ATTEMPTS + " times, each time on another port: " + said);
	}

	private static String said(Path folder) {
		try {
			return Files.readString(folder.resolve("log"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What Kafka must be told; its defaults otherwise. */
	private static Path configuration(Path folder, int port) {
		try {
			Path data = Files.createDirectory(folder.resolve("data"));
			Files.writeString(data.resolve("meta.properties"), """
					version=1
					cluster.id=AAAAAAAAQACAAAAAAAAAAA
					node.id=1
					directory.id=AAAAAAAAQACAAAAAAAAAAQ
					""");
			return Files.writeString(folder.resolve("server.properties"), """
					process.roles=broker,controller
					node.id=1
					controller.quorum.voters=1@127.0.0.1:%2$d
					controller.listener.names=CONTROLLER
					listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
					offsets.topic.replication.factor=1
					log.dirs=%3$s
					""".formatted(port, RedisProcess.portToTry(), data));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String address() {
		return "127.0.0.1:" + this.port;
	}

	@Override
	public double cpuSeconds() {
		return Program.cpuSeconds(this.process.toHandle());
	}

	@Override
	public void close() {
		Program.end(this.process);
		Program.delete(this.folder);
	}

}
