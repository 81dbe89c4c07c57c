package dev.realtime.testing.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Has Jazzer look for inputs in a process of its own: coverage can be measured for one
 * target in a process.
 */
final class GuidedRun {

	private final FuzzContract target;

	GuidedRun(FuzzContract target) {
		this.target = target;
	}

	/**
	 * Runs for some time.
	 * @throws AssertionError if Jazzer finds an input, with what it says
	 */
	void run(long millis) throws IOException, InterruptedException {
		String name = this.target.getClass().getSimpleName();
		Path folder = Files.createDirectories(Path.of("target", "fuzz", name).toAbsolutePath());
		Path corpus = Files.createDirectories(folder.resolve("corpus"));
		int number = 0;
		for (byte[] input : this.target.corpus()) {
			Files.write(corpus.resolve("seed-" + number++), input);
		}
		Path log = folder.resolve("jazzer.log");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
				"--target_class=" + GuidedTarget.class.getName(), "--target_args=" + this.target.getClass().getName(),
				"--instrumentation_includes=dev.realtime.**", "--custom_hook_includes=dev.realtime.**",
				"--reproducer_path=" + folder, "-dict=" + dictionary(folder),
				"-max_total_time=" + Math.max(1, millis / 1_000), "-max_len=" + this.target.maxLength(),
				"-artifact_prefix=" + folder + '/', "-print_final_stats=1", "-rss_limit_mb=0", corpus.toString())
			.directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			if (!process.waitFor(millis + 120_000, TimeUnit.MILLISECONDS)) {
				throw new AssertionError("Jazzer does not end; see " + log);
			}
		}
		finally {
			process.destroyForcibly();
		}
		if (process.exitValue() != 0) {
			List<String> lines = Files.readAllLines(log);
			throw new AssertionError("Jazzer ends with " + process.exitValue() + "; see " + log + '\n'
					+ String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size())));
		}
	}

	/** Writes the words in the form of libFuzzer. */
	private Path dictionary(Path folder) throws IOException {
		StringBuilder lines = new StringBuilder("# An empty file is an error.\n\"\\x00\"\n");
		for (String word : this.target.words()) {
			lines.append('"');
			for (byte each : word.getBytes(StandardCharsets.UTF_8)) {
				lines.append(String.format("\\x%02X", each));
			}
			lines.append("\"\n");
		}
		return Files.writeString(folder.resolve("words"), lines);
	}

}
