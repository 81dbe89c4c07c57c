package dev.realtime.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Every relative link of a document leads to a file and, if it names one, a heading. */
class DocumentLinksTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	/** Neither sources nor documents of the project. */
	private static final Set<String> SKIPPED = Set.of("node_modules", "target", "dist", ".git", "results");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern CODE = Pattern.compile("`[^`]*`");

	private static final Pattern DOCUMENT = Pattern.compile("docs/[A-Za-z0-9/_-]+\\.md");

	private static final Pattern METHOD = Pattern.compile("void [A-Za-z0-9_]+\\(");

	private final Map<Path, Set<String>> anchors = new HashMap<>();

	@Test
	void everyRelativeLinkLeadsSomewhere() {
		List<String> broken = new ArrayList<>();
		List<Path> documents = files((path) -> path.toString().endsWith(".md"));
		for (Path document : documents) {
			for (String line : prose(document)) {
				LINK.matcher(CODE.matcher(line).replaceAll("code"))
					.results()
					.map((link) -> link.group(1))
					.filter((link) -> !link.contains("://") && !link.startsWith("mailto:"))
					.filter((link) -> !leadsSomewhere(document, link))
					.forEach((link) -> broken.add(ROOT.relativize(document) + ": " + link));
			}
		}
		assertThat(documents).hasSizeGreaterThan(20);
		assertThat(broken).isEmpty();
	}

	@Test
	void everyPageIsOnTheMap() {
		String map = read(ROOT.resolve("docs/README.md"));
		assertThat(files((path) -> path.startsWith(ROOT.resolve("docs")) && path.toString().endsWith(".md")))
			.extracting((page) -> ROOT.resolve("docs").relativize(page).toString().replace('\\', '/'))
			.filteredOn((page) -> !page.equals("README.md"))
			.isNotEmpty()
			.allSatisfy((page) -> assertThat(map).contains("](" + page + ')'));
	}

	/** Javadoc, comments and build files name pages by their path from the root. */
	@Test
	void everyPageThatSourcesNameIsThere() {
		assertThat(files((path) -> path.toString().matches(".*\\.(java|ts|js|mjs|xml|md|json|sql)|.*/\\.ci/run")))
			.flatExtracting((path) -> DOCUMENT.matcher(read(path)).results().map(MatchResult::group).toList())
			.isNotEmpty()
			.allSatisfy((page) -> assertThat(ROOT.resolve(page)).exists());
	}

	/** The threat model promises that a test breaks if a defence does. */
	@Test
	void everyTestThatTheThreatModelNamesIsThere() {
		List<String> tests = Pattern.compile("`([A-Za-z]+)#([A-Za-z0-9_]+)`")
			.matcher(read(ROOT.resolve("docs/security.md")))
			.results()
			.map((test) -> test.group(1) + ".java void " + test.group(2) + '(')
			.toList();
		Set<String> known = new HashSet<>();
		for (Path source : files((path) -> path.toString().matches(".*/src/test/java/.*\\.java"))) {
			METHOD.matcher(read(source))
				.results()
				.forEach((method) -> known.add(source.getFileName() + " " + method.group()));
		}
		assertThat(tests).hasSizeGreaterThan(15).allSatisfy((test) -> assertThat(known).contains(test));
	}

	private boolean leadsSomewhere(Path document, String link) {
		int hash = link.indexOf('#');
		String file = (hash < 0) ? link : link.substring(0, hash);
		Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
		if (hash < 0) {
			return Files.exists(target);
		}
		return Files.isRegularFile(target) && this.anchors.computeIfAbsent(target, DocumentLinksTests::headings)
			.contains(link.substring(hash + 1));
	}

	/** The anchors that GitHub makes of the headings. */
	private static Set<String> headings(Path document) {
		Set<String> anchors = new HashSet<>();
		for (String line : prose(document)) {
			if (line.matches("#{1,6} .*")) {
				String anchor = line.replaceFirst("#+ ", "")
					.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
					.toLowerCase(Locale.ROOT)
					.replaceAll("[^\\p{L}\\p{N} _-]", "")
					.replace(' ', '-');
				String unique = anchor;
				for (int i = 1; !anchors.add(unique); i++) {
					unique = anchor + '-' + i;
				}
			}
		}
		return anchors;
	}

	/** The lines that are not in a block of code. */
	private static List<String> prose(Path document) {
		List<String> lines = new ArrayList<>();
		boolean code = false;
		for (String line : read(document).lines().toList()) {
			boolean fence = line.strip().startsWith("```");
			code ^= fence;
			if (!code && !fence) {
				lines.add(line);
			}
		}
		return lines;
	}

	private static List<Path> files(Predicate<Path> wanted) {
		List<Path> files = new ArrayList<>();
		try {
			Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
					return SKIPPED.contains(String.valueOf(folder.getFileName())) ? FileVisitResult.SKIP_SUBTREE
							: FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
					if (wanted.test(file)) {
						files.add(file);
					}
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return files;
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
