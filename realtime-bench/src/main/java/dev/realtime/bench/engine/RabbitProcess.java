package dev.realtime.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.redis.RedisProcess;

/** An installed {@code rabbitmq-server} with a name, ports and folders of its own. */
record RabbitProcess(Process process, int port, Path folder, Map<String, String> environment) implements Started {

	private static final int ATTEMPTS = 5;

	/** A wrong protocol header, which the server answers with its own. */
	private static final byte[] HEADER = { 'A', 'M', 'Q', 'P', 9, 9, 9, 9 };

	static RabbitProcess start(Path program) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			int port = RedisProcess.portToTry();
			Path folder = Program.temporaryFolder("rabbit");
			Map<String, String> environment = environment(folder, port);
			Process process = Program.start(folder.resolve("log"), environment, List.of(plain(program).toString()));
			RabbitProcess rabbit = new RabbitProcess(process, port, folder, environment);
			Runtime.getRuntime().addShutdownHook(new Thread(rabbit::close));
			if (Program.awaitAnswer(process, "rabbitmq-server", () -> Program.answers(port, HEADER, 4))) {
				return rabbit;
			}
			rabbit.close();
		}
		throw new IllegalStateException("rabbitmq-server ended " + ATTEMPTS + " times, each time on another port");
	}

	/** Debian's own start script changes the user. */
	private static Path plain(Path installed) {
		Path plain = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
		return Files.isExecutable(plain) ? plain : installed;
	}

	private static Map<String, String> environment(Path folder, int port) {
		try {
			Path config = Files.writeString(folder.resolve("rabbitmq.conf"),
					"listeners.tcp.local = 127.0.0.1:" + port + "\nlog.file = false\nlog.console = true\n");
			Path plugins = Files.writeString(folder.resolve("enabled_plugins"), "[].");
			return Map.of("RABBITMQ_NODENAME", "bench" + port + "@localhost", "RABBITMQ_NODE_PORT",
					Integer.toString(port), "RABBITMQ_DIST_PORT", Integer.toString(RedisProcess.portToTry()),
					"ERL_EPMD_PORT", Integer.toString(RedisProcess.portToTry()), "RABBITMQ_MNESIA_BASE",
					folder.toString(), "RABBITMQ_LOG_BASE", folder.toString(), "RABBITMQ_CONFIG_FILE",
					config.toString(), "RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString(), "HOME", folder.toString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String address() {
		return "amqp://guest:guest@127.0.0.1:" + this.port;
	}

	@Override
	public double cpuSeconds() {
		return Program.cpuSeconds(this.process.toHandle());
	}

	/** Also ends the daemon that each Erlang starts to be found by others. */
	@Override
	public void close() {
		if (Files.exists(this.folder)) {
			Program.end(this.process);
			Program.end(Program.start(this.folder.resolve("epmd.log"), this.environment, List.of("epmd", "-kill")));
			Program.delete(this.folder);
		}
	}

}
