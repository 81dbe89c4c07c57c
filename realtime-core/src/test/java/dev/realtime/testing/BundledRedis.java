package dev.realtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import redis.embedded.core.ExecutableProvider;

/**
 * The Redis inside embedded-redis, unpacked once in a JVM, and deleted when the JVM ends.
 */
final class BundledRedis {

	static final Path BINARY = unpack();

	private BundledRedis() {
	}

	private static Path unpack() {
		try {
			return ExecutableProvider.newJarResourceProvider(Programs.temporaryFolder("realtime-redis").toFile())
				.get()
				.toPath()
				.toAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
