package dev.realtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The page on the architecture has the table that {@link ArchitectureTests} checks. */
class ArchitectureDocsTests {

	private static final Path PAGE = Path.of("..", "docs", "internals", "architecture.md");

	@Test
	void thePageHasTheTableOfPackages() throws IOException {
		Map<String, Set<String>> table = new HashMap<>();
		Files.readString(PAGE)
			.lines()
			.filter((line) -> line.matches("\\| `(\\.[a-z.]+|dev\\.realtime)`.*"))
			.map((line) -> line.split(" \\| ", -1))
			.filter((columns) -> columns.length == 3 && columns[2].matches("nothing \\||[a-z., `]+ \\|"))
			.forEach((columns) -> Arrays.stream(columns[0].substring(2).split(", ", -1))
				.forEach((name) -> table.put(room(name), arrows(room(name), columns[2]))));
		assertThat(new TreeMap<>(table)).isEqualTo(new TreeMap<>(ArchitectureTests.ARROWS));
	}

	private static String room(String name) {
		String plain = name.replace("`", "").strip();
		return plain.equals("dev.realtime") ? "" : plain.substring(1);
	}

	private static Set<String> arrows(String room, String column) {
		String list = column.replace("|", "").replace("`", "").strip();
		if (list.equals("nothing")) {
			return Set.of();
		}
		Set<String> arrows = new HashSet<>();
		for (String each : list.split(", ", -1)) {
			switch (each) {
				case "root" -> arrows.add("");
				case "that package" -> arrows.add(room.substring(0, room.lastIndexOf('.')));
				default -> arrows.add(each);
			}
		}
		return arrows.stream().collect(Collectors.toUnmodifiableSet());
	}

}
