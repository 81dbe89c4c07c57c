package dev.realtime.bench.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.redis.RedisProcess;

/**
 * An installed {@code nats-server}.
 */
record NatsProcess(Process process, int port, Path folder) implements Started {

	private static final int ATTEMPTS = 5;

	static NatsProcess start(Path program) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			int port = RedisProcess.portToTry();
			Path folder = Program.temporaryFolder("nats");
			Process process = Program.start(folder.resolve("log"), Map.of(),
					List.of(program.toString(), "-a", "127.0.0.1", "-p", Integer.toString(port)));
			NatsProcess nats = new NatsProcess(process, port, folder);
			Runtime.getRuntime().addShutdownHook(new Thread(nats::close));
			if (Program.awaitAnswer(process, "nats-server", () -> Program.answers(port, new byte[0], 5))) {
				return nats;
			}
			nats.close();
		}
		throw new IllegalStateException("nats-server ended " + ATTEMPTS + " times, each time on another port");
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
