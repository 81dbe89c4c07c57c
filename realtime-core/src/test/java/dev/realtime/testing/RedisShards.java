package dev.realtime.testing;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Three independent servers for all tests that do not harm them; they go with the JVM.
 */
public final class RedisShards {

	private static final int COUNT = 3;

	private RedisShards() {
	}

	/** Their addresses. They are processes: a container may be of another version. */
	public static List<String> shared() {
		RedisCluster.assumeSupported();
		return Shared.URIS;
	}

	/** Leaves a test out where there is no Redis 7. */
	public static void assumeSupported() {
		RedisCluster.assumeSupported();
	}

	/** A server of its own that is a member of a Redis Cluster. */
	public static RedisServer startClusterMember() {
		return Ports.startOnOne((port) -> RedisServer.startProcess(port, "--cluster-enabled", "yes", "--cluster-port",
				Integer.toString(Ports.reserve())));
	}

	private static final class Shared {

		private static final List<String> URIS = IntStream.range(0, COUNT)
			.mapToObj((i) -> RedisServer.startProcess().uri())
			.toList();

	}

}
