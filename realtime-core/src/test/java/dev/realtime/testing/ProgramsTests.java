package dev.realtime.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ProgramsTests {

	@TempDir
	Path folder;

	@Test
	void theFirstOnThePathIsFoundBeforeTheWellKnownFolders() throws IOException {
		Path onPath = program("path");
		Path wellKnown = program("known");
		Programs programs = new Programs(Map.of("PATH", "/no/such:" + this.folder.resolve("path")));
		assertThat(programs.installed("server", this.folder.resolve("known"))).contains(onPath);
		assertThat(new Programs(Map.of()).installed("server", this.folder.resolve("known"))).contains(wellKnown);
	}

	@Test
	void installedOnesCanBeHidden() throws IOException {
		Path program = program("path");
		Path path = this.folder.resolve("path");
		Programs hidden = new Programs(Map.of("PATH", path.toString(), "REALTIME_TEST_SERVERS", "bundled"));
		assertThat(hidden.installed("server", path)).isEmpty();
		assertThat(hidden.tool("server")).contains(program);
	}

	private Path program(String where) throws IOException {
		Path program = Files.createDirectories(this.folder.resolve(where)).resolve("server");
		assertThat(Files.createFile(program).toFile().setExecutable(true)).isTrue();
		return program;
	}

}
