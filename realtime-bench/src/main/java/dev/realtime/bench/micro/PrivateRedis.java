package dev.realtime.bench.micro;

import java.util.concurrent.TimeUnit;

import dev.realtime.bench.redis.RedisProcess;
import io.lettuce.core.RedisClient;

/** A Redis on a port of its own, and a client of it. */
final class PrivateRedis implements AutoCloseable {

	private final RedisProcess process = RedisProcess.start();

	private final RedisClient client = RedisClient.create("redis://127.0.0.1:" + this.process.port());

	RedisClient client() {
		return this.client;
	}

	/** How long the server has been on a core, in ns, to some 10 ms; 0 if unknown. */
	long coreNanos() {
		return this.process.coreNanos();
	}

	@Override
	public void close() {
		this.client.shutdown(0, 2, TimeUnit.SECONDS);
		this.process.close();
	}

}
