package dev.realtime.bench.micro;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The class path for forked JVMs: that of this JVM, or, in an executable Spring Boot jar,
 * what the jar holds, unpacked into a temporary folder that {@link #close()} deletes.
 */
final class ForkClassPath implements AutoCloseable {

	private static final String PROPERTY = "java.class.path";

	private static final String CLASSES = "BOOT-INF/classes/";

	private static final String LIBRARIES = "BOOT-INF/lib/";

	private final String original = System.getProperty(PROPERTY, "");

	private final Path folder = Files.createTempDirectory("realtime-bench");

	ForkClassPath() throws IOException {
	}

	/** Sets the class path that JMH reads. */
	void set() throws IOException {
		File only = new File(this.original);
		List<String> unpacked = only.isFile() ? unpack(only) : List.of();
		if (!unpacked.isEmpty()) {
			System.setProperty(PROPERTY, String.join(File.pathSeparator, unpacked));
		}
	}

	@Override
	public void close() throws IOException {
		System.setProperty(PROPERTY, this.original);
		try (Stream<Path> files = Files.walk(this.folder)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
	}

	/** The folder of classes and the libraries; nothing for a plain jar. */
	private List<String> unpack(File jar) throws IOException {
		List<String> found = new ArrayList<>();
		try (JarFile file = new JarFile(jar)) {
			for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
				if (entry.getName().equals(CLASSES)) {
					found.add(this.folder.resolve(CLASSES).toString());
				}
				if (!entry.isDirectory()
						&& (entry.getName().startsWith(CLASSES) || entry.getName().startsWith(LIBRARIES))) {
					Path target = this.folder.resolve(entry.getName());
					Files.createDirectories(target.resolveSibling("."));
					try (InputStream content = file.getInputStream(entry)) {
						Files.copy(content, target);
					}
					if (entry.getName().startsWith(LIBRARIES)) {
						found.add(target.toString());
					}
				}
			}
		}
		return found;
	}

}
