package dev.realtime.spring;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.data.repository.CrudRepository;

import static org.assertj.core.api.Assertions.assertThat;

/** Repositories that Spring Data does not find. */
class MissingRepositoryFailureAnalyzerTests {

	@TempDir
	private Path folder;

	@Test
	void rule11_namesTheEntityAndTheModulesWhereThereAreSeveral() throws Exception {
		FailureAnalysis analysis = Objects
			.requireNonNull(analyze(BookRepository.class, "com.acme.JdbcRepositoryFactory"));

		assertThat(analysis.getDescription()).contains(BookRepository.class.getName())
			.contains("(JdbcRepositoryFactory, KeyValueRepositoryFactory, RedisRepositoryFactory)");
		assertThat(analysis.getAction()).contains("Annotate " + Book.class.getName()).contains("@Table");
	}

	@Test
	void leavesItToOthersWhereThereIsNoOtherModule() throws Exception {
		assertThat(analyze(BookRepository.class, null)).isNull();
	}

	@Test
	void leavesBeansThatAreNoRepositoriesToOthers() throws Exception {
		assertThat(analyze(Book.class, "com.acme.JdbcRepositoryFactory")).isNull();
	}

	private @Nullable FailureAnalysis analyze(Class<?> missing, @Nullable String module) throws IOException {
		Path file = Files.createDirectories(this.folder.resolve("META-INF")).resolve("spring.factories");
		Files.write(file,
				(module != null)
						? List.of("org.springframework.data.repository.core.support.RepositoryFactorySupport=" + module)
						: List.of());
		try (URLClassLoader classes = new URLClassLoader(new URL[] { this.folder.toUri().toURL() },
				getClass().getClassLoader())) {
			return new MissingRepositoryFailureAnalyzer(classes).analyze(new UnsatisfiedDependencyException("here",
					"shop", "books", new NoSuchBeanDefinitionException(missing)));
		}
	}

	record Book(String title) {

	}

	/** As with Spring Data JDBC, where nothing says so. */
	interface BookRepository extends CrudRepository<Book, String> {

	}

}
