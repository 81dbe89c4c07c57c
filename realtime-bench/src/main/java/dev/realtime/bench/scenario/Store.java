package dev.realtime.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.realtime.bench.redis.RedisProcess;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * Where one of this project's servers keeps its topics, started for that server alone.
 */
final class Store implements AutoCloseable {

	static final String MEMORY = "memory";

	private static final String REDIS = "redis";

	private static final String H2 = "jdbc, H2 in a file";

	/** All kinds. */
	static final List<String> KINDS = List.of(MEMORY, REDIS, H2);

	private final List<String> options;

	private final @Nullable RedisProcess redis;

	private final @Nullable Path folder;

	private Store(List<String> options, @Nullable RedisProcess redis, @Nullable Path folder) {
		this.options = options;
		this.redis = redis;
		this.folder = folder;
	}

	/** Starts one of the {@link #KINDS}. */
	static Store start(String kind) {
		if (kind.equals(MEMORY)) {
			return new Store(List.of(), null, null);
		}
		RedisProcess redis = RedisProcess.start();
		String address = "--redis=127.0.0.1:" + redis.port();
		if (kind.equals(REDIS)) {
			return new Store(List.of("--broker=redis", address), redis, null);
		}
		try {
			Path folder = Files.createTempDirectory("realtime-bench-h2");
			return new Store(List.of("--broker=jdbc", address, "--jdbc=jdbc:h2:file:" + folder.resolve("bench")), redis,
					folder);
		}
		catch (IOException ex) {
			redis.close();
			throw new UncheckedIOException(ex);
		}
	}

	/** What the command {@code server} is given to use it. */
	List<String> options() {
		return this.options;
	}

	@Override
	public void close() {
		if (this.redis != null) {
			this.redis.close();
		}
		if (this.folder != null) {
			try {
				boolean unused = FileSystemUtils.deleteRecursively(this.folder);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
