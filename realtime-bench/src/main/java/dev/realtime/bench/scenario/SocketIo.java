package dev.realtime.bench.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** A Socket.IO 4 server of a few lines, installed by npm when it is first asked for. */
final class SocketIo {

	private static @Nullable Path installed;

	private SocketIo() {
	}

	/** Whether there is a Node to run it. */
	static boolean isPossible() {
		try {
			return new ProcessBuilder("node", "--version").start().waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	static synchronized Path script() {
		Path known = installed;
		if (known == null) {
			known = install();
			installed = known;
		}
		return known;
	}

	private static Path install() {
		try {
			Path folder = Path.of(System.getProperty("java.io.tmpdir"), "realtime-bench-socket-io");
			Files.createDirectories(folder);
			for (String file : List.of("server.js", "package.json", "package-lock.json")) {
				try (InputStream content = SocketIo.class.getResourceAsStream("/socket-io/" + file)) {
					Files.copy(java.util.Objects.requireNonNull(content, file), folder.resolve(file),
							StandardCopyOption.REPLACE_EXISTING);
				}
			}
			if (!Files.isDirectory(folder.resolve("node_modules/socket.io"))) {
				Process npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund").directory(folder.toFile())
					.redirectErrorStream(true)
					.redirectOutput(ProcessBuilder.Redirect.DISCARD)
					.start();
				if (!npm.waitFor(3, TimeUnit.MINUTES) || npm.exitValue() != 0) {
					throw new IllegalStateException(
							"npm ci failed in " + folder + "; leave socket.io out of --servers");
				}
			}
			return folder.resolve("server.js");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while Socket.IO was installed", ex);
		}
	}

}
