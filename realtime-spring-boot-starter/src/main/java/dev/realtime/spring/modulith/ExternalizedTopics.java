package dev.realtime.spring.modulith;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.spring.publisher.DeclaredTopic;
import dev.realtime.spring.publisher.DeclaredTopics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.modulith.events.Externalized;
import org.springframework.util.ClassUtils;

/**
 * Finds the classes in the application's packages whose {@link Externalized} names the
 * target {@value RealtimeEventExternalizer#TARGET} and a topic. What an application
 * routes or maps with code is not known before there is an event.
 */
final class ExternalizedTopics implements DeclaredTopics {

	private static final Logger logger = LoggerFactory.getLogger(ExternalizedTopics.class);

	private static final String PREFIX = RealtimeEventExternalizer.TARGET + "::";

	private final BeanFactory beans;

	private final Environment environment;

	private final ResourceLoader resources;

	ExternalizedTopics(BeanFactory beans, Environment environment, ResourceLoader resources) {
		this.beans = beans;
		this.environment = environment;
		this.resources = resources;
	}

	@Override
	public List<DeclaredTopic> topics() {
		if (!AutoConfigurationPackages.has(this.beans)) {
			return List.of();
		}
		Scanner scanner = new Scanner(this.environment, this.resources);
		List<DeclaredTopic> topics = new ArrayList<>();
		for (String name : AutoConfigurationPackages.get(this.beans)) {
			for (BeanDefinition found : scanner.findCandidateComponents(name)) {
				DeclaredTopic topic = read(String.valueOf(found.getBeanClassName()));
				if (topic != null) {
					topics.add(topic);
				}
			}
		}
		return topics;
	}

	private @Nullable DeclaredTopic read(String className) {
		try {
			Class<?> type = ClassUtils.forName(className, this.resources.getClassLoader());
			Externalized annotation = AnnotatedElementUtils.findMergedAnnotation(type, Externalized.class);
			String target = (annotation != null) ? annotation.target() : "";
			boolean plain = target.startsWith(PREFIX) && !target.contains(RealtimeEventExternalizer.EXPRESSION);
			return plain ? DeclaredTopic.of(type.getSimpleName(), target.substring(PREFIX.length()), type) : null;
		}
		catch (ClassNotFoundException | IllegalArgumentException | IllegalStateException | LinkageError ex) {
			logger.debug("Cannot look for @Externalized on {}", className, ex);
			return null;
		}
	}

	/** Looks at interfaces too, which Spring's own scanning leaves out. */
	private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

		Scanner(Environment environment, ResourceLoader resources) {
			super(false, environment);
			setResourceLoader(resources);
			addIncludeFilter(new AnnotationTypeFilter(Externalized.class));
		}

		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
			return !definition.getMetadata().isAnnotation();
		}

	}

}
