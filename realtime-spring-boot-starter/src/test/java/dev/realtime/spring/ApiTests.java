package dev.realtime.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What applications may import is what the packages call their API. */
class ApiTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final List<String> MODULES = List.of("realtime-core", "realtime-spring-boot-starter");

	private static final Pattern LINK = Pattern.compile("\\{@link ([\\w.]+)\\}");

	private static final Pattern IMPORT = Pattern
		.compile("(?m)^\\s*import (?:static )?(dev\\.realtime\\.(?:[a-z]\\w*\\.)*[A-Z]\\w*)");

	private static final Pattern BEAN = Pattern.compile("(?m)^\\| `([A-Z]\\w+)`(?:, `([A-Z]\\w+)`)* \\|");

	/** Of modules that are API as a whole, or belong to the application. */
	private static final Pattern ELSEWHERE = Pattern.compile("dev\\.realtime\\.(test|testing|sample)\\..*");

	/** Beans of the table that applications only replace or read as meters. */
	private static final Set<String> BEANS_FOR_OPERATORS = Set.of("RealtimeMetrics", "PublishingMetrics");

	@Test
	void everyPackageWithPublicTypesSaysWhatOfThemIsApi() {
		for (Path info : infos()) {
			boolean hasPublicTypes = sources(folder(info), 1).anyMatch((file) -> declaresPublicType(read(file)));
			boolean says = read(info).contains(" * API: ") || read(info).contains(" * Not API.");
			assertThat(says).as(info.toString()).isEqualTo(hasPublicTypes);
		}
	}

	@Test
	void apiTypesArePublic() throws ClassNotFoundException {
		for (String name : api()) {
			assertThat(Modifier.isPublic(Class.forName(name).getModifiers())).as(name).isTrue();
		}
	}

	/** Otherwise they could not be implemented. */
	@Test
	void interfacesOfTheApiNameOnlyItsTypes() throws ClassNotFoundException {
		Set<String> api = api();
		for (String name : api) {
			Class<?> type = Class.forName(name);
			if (type.isInterface() && !type.isAnnotation() && !type.isSealed()) {
				for (Method method : type.getMethods()) {
					assertThat(named(method)).as(method.toString()).isSubsetOf(api);
				}
			}
		}
	}

	@Test
	void theSampleAndTheDocumentsImportOnlyApi() {
		Set<String> api = api();
		Stream.concat(sources(ROOT.resolve("sample-chat-app/src/main"), 20), pages()).forEach((file) -> {
			Set<String> imported = new TreeSet<>();
			IMPORT.matcher(read(file))
				.results()
				.map((found) -> found.group(1))
				.filter((name) -> !ELSEWHERE.matcher(name).matches())
				.forEach(imported::add);
			assertThat(imported).as(file.toString()).isSubsetOf(api);
		});
	}

	@Test
	void theBeansOfTheTableAreApi() {
		Set<String> names = new HashSet<>();
		api().forEach((name) -> names.add(name.substring(name.lastIndexOf('.') + 1)));
		List<String> beans = BEAN.matcher(read(ROOT.resolve("docs/beans.md")))
			.results()
			.flatMap((row) -> Stream.of(row.group(1), (row.group(2) != null) ? row.group(2) : row.group(1)))
			.filter((name) -> !BEANS_FOR_OPERATORS.contains(name))
			.toList();
		assertThat(beans).hasSizeGreaterThan(15).isSubsetOf(names);
	}

	private static Set<String> api() {
		Set<String> api = new TreeSet<>();
		for (Path info : infos()) {
			String text = read(info);
			String name = text.substring(text.indexOf("\npackage ") + "\npackage ".length());
			String named = name.substring(0, name.indexOf(';'));
			if (text.contains(" * API: all public types.")) {
				sources(folder(info), 1).filter((file) -> declaresPublicType(read(file)))
					.forEach((file) -> api.add(named + '.' + file.getFileName().toString().replace(".java", "")));
			}
			else if (text.contains(" * API: ")) {
				LINK.matcher(text.substring(text.indexOf(" * API: ")))
					.results()
					.map((MatchResult found) -> found.group(1))
					.forEach(api::add);
			}
		}
		return api;
	}

	/** The types of ours in the method's signature; nested types by their outer ones. */
	private static Set<String> named(Method method) {
		Set<String> named = new TreeSet<>();
		Pattern.compile("dev\\.realtime\\.[\\w.]+")
			.matcher(method.toGenericString())
			.results()
			.map(MatchResult::group)
			.forEach(named::add);
		named.removeIf((name) -> name.startsWith(method.getDeclaringClass().getName() + '.'));
		return named;
	}

	private static boolean declaresPublicType(String source) {
		return Arrays.stream(source.split("\n", -1))
			.anyMatch((line) -> line.matches("public (?:[a-z-]+ )*(?:class|interface|@interface|record|enum) .*"));
	}

	private static Path folder(Path info) {
		return Objects.requireNonNull(info.getParent());
	}

	private static List<Path> infos() {
		return MODULES.stream()
			.flatMap((module) -> sources(ROOT.resolve(module).resolve("src/main/java"), 20, "package-info.java"))
			.toList();
	}

	private static Stream<Path> sources(Path folder, int depth) {
		return sources(folder, depth, ".java").filter((file) -> !file.endsWith("package-info.java"));
	}

	private static Stream<Path> pages() {
		return sources(ROOT.resolve("docs"), 2, ".md");
	}

	private static Stream<Path> sources(Path folder, int depth, String end) {
		try (Stream<Path> files = Files.walk(folder, depth)) {
			return files.filter((file) -> file.toString().endsWith(end)).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
