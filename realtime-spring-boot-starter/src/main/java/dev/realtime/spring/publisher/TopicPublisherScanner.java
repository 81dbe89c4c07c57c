package dev.realtime.spring.publisher;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Finds the interfaces with {@link TopicPublisher} in the application's packages and
 * makes a bean of each. An interface that a bean of the application implements already is
 * left to that bean. Types of events with {@link PublishedOn} are checked. Ahead of time
 * it does so at build time, and is not there at runtime.
 */
final class TopicPublisherScanner implements BeanDefinitionRegistryPostProcessor, BeanRegistrationAotProcessor {

	private static final Logger logger = LoggerFactory.getLogger(TopicPublisherScanner.class);

	private final ConfigurableListableBeanFactory beans;

	private final Environment environment;

	private final ResourceLoader resources;

	private final List<Class<?>> events = new ArrayList<>();

	TopicPublisherScanner(ConfigurableListableBeanFactory beans, Environment environment, ResourceLoader resources) {
		this.beans = beans;
		this.environment = environment;
		this.resources = resources;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		if (!AutoConfigurationPackages.has(this.beans)) {
			return;
		}
		List<String> packages = AutoConfigurationPackages.get(this.beans);
		Scanner scanner = new Scanner(this.environment, this.resources);
		for (String name : packages) {
			for (BeanDefinition found : scanner.findCandidateComponents(name)) {
				String className = String.valueOf(found.getBeanClassName());
				if (found instanceof AnnotatedBeanDefinition annotated && isEvent(annotated.getMetadata())) {
					check(className);
				}
				else {
					register(registry, className);
				}
			}
		}
	}

	/** The types of events that were found. */
	List<Class<?>> events() {
		return List.copyOf(this.events);
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		// all is done in the registry
	}

	/** The events' hints. The type of this bean excludes it from what is written down. */
	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		return (bean.getBeanClass() == PublishedEventListener.class) ? new PublishedEventHints(this.events) : null;
	}

	private void check(String className) {
		try {
			Class<?> type = ClassUtils.resolveClassName(className, this.beans.getBeanClassLoader());
			PublishedEvents.of(type);
			this.events.add(type);
		}
		catch (InvalidPublishedOnException ex) {
			throw ex;
		}
		catch (IllegalArgumentException | IllegalStateException | LinkageError ex) {
			// the type names a class that is not there, and so has no events
			logger.debug("Cannot look for @PublishedOn on {}", className, ex);
		}
	}

	private void register(BeanDefinitionRegistry registry, String className) {
		Class<?> type = ClassUtils.resolveClassName(className, this.beans.getBeanClassLoader());
		if (this.beans.getBeanNamesForType(type, true, false).length == 0) {
			define(registry, type);
		}
	}

	private void define(BeanDefinitionRegistry registry, Class<?> type) {
		InterfacePublisher.methods(type);
		RootBeanDefinition definition = new RootBeanDefinition(InterfacePublisherFactoryBean.class);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, type);
		definition.setTargetType(ResolvableType.forClassWithGenerics(InterfacePublisherFactoryBean.class, type));
		String name = ClassUtils.getShortNameAsProperty(type);
		registry.registerBeanDefinition(registry.containsBeanDefinition(name) ? type.getName() : name, definition);
	}

	private static boolean isEvent(AnnotationMetadata metadata) {
		return !metadata.isAnnotation() && metadata.isAnnotated(PublishedOn.class.getName());
	}

	/** Looks at interfaces too, which Spring's own scanning leaves out. */
	private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

		Scanner(Environment environment, ResourceLoader resources) {
			super(false, environment);
			setResourceLoader(resources);
			addIncludeFilter((reader, factory) -> {
				AnnotationMetadata metadata = reader.getAnnotationMetadata();
				return metadata.isInterface() && !metadata.isAnnotation()
						&& (metadata.hasAnnotation(TopicPublisher.class.getName())
								|| metadata.hasAnnotatedMethods(TopicPublisher.class.getName()));
			});
			addIncludeFilter((reader, factory) -> isEvent(reader.getAnnotationMetadata()));
		}

		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
			AnnotationMetadata metadata = definition.getMetadata();
			return (metadata.isInterface() && metadata.isIndependent()) || isEvent(metadata);
		}

	}

}
