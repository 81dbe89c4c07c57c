package dev.realtime.spring.testing;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs a script in Node, such as one that drives Chromium. */
public final class NodeScript {

	private NodeScript() {
	}

	/**
	 * Runs the script until it ends, which must be without an error. It and what it has
	 * started are gone afterwards.
	 * @param folder where it runs
	 * @param script its file and its arguments
	 * @return the lines of its output
	 */
	public static List<String> run(Path folder, String... script) throws Exception {
		List<String> command = new ArrayList<>(List.of("node"));
		command.addAll(List.of(script));
		Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
		try (BufferedReader reader = process.inputReader()) {
			List<String> output = reader.lines().toList();
			assertThat(process.waitFor()).as(String.join("\n", output)).isZero();
			return output;
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
	}

}
