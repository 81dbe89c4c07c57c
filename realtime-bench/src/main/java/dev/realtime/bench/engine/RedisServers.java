package dev.realtime.bench.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.realtime.bench.redis.RedisProcess;

/** One Redis, or six that are a cluster: three masters, each with a replica. */
record RedisServers(List<RedisProcess> processes) implements Started {

	private static final int CLUSTER_NODES = 6;

	static RedisServers one() {
		return new RedisServers(List.of(RedisProcess.start()));
	}

	/** Starts a cluster; {@code redis-cli} returns when all slots are served. */
	static RedisServers cluster(Path cli) {
		List<RedisProcess> started = new ArrayList<>();
		RedisServers servers = new RedisServers(started);
		Path folder = Program.temporaryFolder("cluster");
		try {
			for (int i = 0; i < CLUSTER_NODES; i++) {
				started.add(RedisProcess.start("--cluster-enabled", "yes", "--cluster-port",
						Integer.toString(RedisProcess.portToTry()), "--cluster-require-full-coverage", "no",
						"--repl-diskless-sync-delay", "0"));
			}
			Program
				.run(folder.resolve("log"), Map.of(), Stream
					.of(Stream.of(cli.toString(), "--cluster", "create"), started.stream().map(RedisServers::address),
							Stream.of("--cluster-replicas", "1", "--cluster-yes"))
					.flatMap((part) -> part)
					.toList());
			return servers;
		}
		catch (RuntimeException ex) {
			servers.close();
			throw ex;
		}
		finally {
			Program.delete(folder);
		}
	}

	private static String address(RedisProcess redis) {
		return "127.0.0.1:" + redis.port();
	}

	@Override
	public String address() {
		return address(this.processes.get(0));
	}

	@Override
	public double cpuSeconds() {
		return this.processes.stream().mapToLong(RedisProcess::coreNanos).sum() / 1e9;
	}

	@Override
	public void close() {
		this.processes.forEach(RedisProcess::close);
	}

}
