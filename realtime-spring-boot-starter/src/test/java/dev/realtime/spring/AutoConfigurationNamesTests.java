package dev.realtime.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Boot ignores a name in {@code afterName} or {@code @ConditionalOnClass(name)} that does
 * not exist, and likewise a class in {@code after} that is not there at runtime, so a
 * renamed class changes the order, or drops a bean, silently. Each name exists in the
 * generation of Boot that runs, or is listed here as one of another.
 */
class AutoConfigurationNamesTests {

	/** In Boot 3 alone. */
	private static final Set<String> OF_BOOT_3 = Set.of(
			"org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
			"org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
			"io.github.resilience4j.springboot3.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
			"org.springframework.boot.autoconfigure.security.oauth2.resource.servlet.OAuth2ResourceServerAutoConfiguration",
			"org.springframework.boot.autoconfigure.websocket.servlet.WebSocketMessagingAutoConfiguration",
			"org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
			"org.springframework.boot.actuate.health.AbstractHealthIndicator");

	/** In the newest Boot 4 alone. */
	private static final Set<String> OF_BOOT_4 = Set.of(
			"org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
			"org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
			"io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
			"org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration",
			"org.springframework.boot.websocket.autoconfigure.servlet.WebSocketMessagingAutoConfiguration",
			"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration",
			"org.springframework.boot.health.contributor.AbstractHealthIndicator");

	/** In 4.0, and renamed in 4.1. */
	private static final Set<String> OF_BOOT_4_0 = Set
		.of("org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration");

	/** On the class path of SpringwolfIT alone. */
	private static final Set<String> OF_SPRINGWOLF = Set
		.of("io.github.springwolf.core.configuration.SpringwolfAutoConfiguration");

	@Test
	void everyNameExistsInTheGenerationThatRunsOrIsKnownToBeOfAnother() {
		Set<String> missing = new TreeSet<>();
		names().filter((name) -> !ClassUtils.isPresent(name, getClass().getClassLoader())).forEach(missing::add);
		Set<String> others = new TreeSet<>(OF_BOOT_4_0);
		others.addAll(OF_SPRINGWOLF);
		others.addAll(SpringBootVersion.getVersion().startsWith("3.") ? OF_BOOT_4 : OF_BOOT_3);
		assertThat(missing).isEqualTo(others);
	}

	private static Stream<String> names() {
		return ImportCandidates.load(AutoConfiguration.class, AutoConfigurationNamesTests.class.getClassLoader())
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("dev.realtime."))
			.flatMap(AutoConfigurationNamesTests::namesOf);
	}

	/** Reads the class file: a class that names what is not there cannot be loaded. */
	private static Stream<String> namesOf(String type) {
		AnnotationMetadata metadata = metadata(type);
		Stream<String> order = Stream.of("after", "afterName", "before", "beforeName")
			.flatMap((attribute) -> values(metadata, AutoConfiguration.class, attribute));
		Stream<String> conditions = Stream
			.concat(Stream.of(metadata), metadata.getAnnotatedMethods(ConditionalOnClass.class.getName()).stream())
			.flatMap((annotated) -> values(annotated, ConditionalOnClass.class, "name"));
		Stream<String> nested = Arrays.stream(metadata.getMemberClassNames())
			.flatMap(AutoConfigurationNamesTests::namesOf);
		return Stream.of(order, conditions, nested).flatMap((each) -> each);
	}

	private static Stream<String> values(AnnotatedTypeMetadata annotated, Class<? extends Annotation> annotation,
			String attribute) {
		return annotated.getAnnotations()
			.stream(annotation)
			.flatMap((found) -> Arrays.stream(found.getStringArray(attribute)));
	}

	private static AnnotationMetadata metadata(String type) {
		try {
			return new SimpleMetadataReaderFactory().getMetadataReader(type).getAnnotationMetadata();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
