package dev.realtime.spring.publisher;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds the topics of {@link TopicPublisher} and {@link PublishedOn}. Event classes are
 * known where the application's packages were scanned at startup, which is not so in a
 * native image. Makes no beans.
 */
final class AnnotatedTopics implements DeclaredTopics {

	private static final Logger logger = LoggerFactory.getLogger(AnnotatedTopics.class);

	private final ConfigurableListableBeanFactory beans;

	private final ObjectProvider<TopicPublisherScanner> scanner;

	AnnotatedTopics(ConfigurableListableBeanFactory beans, ObjectProvider<TopicPublisherScanner> scanner) {
		this.beans = beans;
		this.scanner = scanner;
	}

	@Override
	public List<DeclaredTopic> topics() {
		List<DeclaredTopic> topics = new ArrayList<>();
		Set<String> interfaces = new LinkedHashSet<>();
		for (String factory : this.beans.getBeanNamesForType(InterfacePublisherFactoryBean.class, true, false)) {
			interfaces.add(BeanFactoryUtils.transformedBeanName(factory));
		}
		interfaces.forEach((name) -> addInterface(this.beans.getType(name, false), topics));
		BeanMethods methods = new BeanMethods();
		for (String name : this.beans.getBeanNamesForType(Object.class, true, false)) {
			if (!interfaces.contains(name)) {
				addBean(name, methods, topics);
			}
		}
		this.scanner.ifAvailable((known) -> known.events().forEach((type) -> addEvents(type, topics)));
		return topics;
	}

	private static void addInterface(@Nullable Class<?> type, List<DeclaredTopic> topics) {
		if (type != null) {
			InterfacePublisher.methods(type)
				.forEach((method, publishing) -> topics
					.add(publishing.declared(type.getSimpleName() + '.' + method.getName())));
		}
	}

	/** A bean whose class names what is not there publishes nothing either. */
	private void addBean(String name, BeanMethods methods, List<DeclaredTopic> topics) {
		try {
			Class<?> type = AutoProxyUtils.determineTargetClass(this.beans, name);
			if (type != null) {
				methods.of(ClassUtils.getUserClass(type))
					.forEach((method, publishing) -> topics
						.add(publishing.declared(method.getDeclaringClass().getSimpleName() + '.' + method.getName())));
			}
		}
		catch (Exception | LinkageError ex) {
			logger.debug("Cannot look for @TopicPublisher in the bean {}", name, ex);
		}
	}

	/** The events of a sealed type are those of the types that it permits. */
	private static void addEvents(Class<?> type, List<DeclaredTopic> topics) {
		Class<?>[] permitted = type.getPermittedSubclasses();
		if (permitted != null) {
			for (Class<?> each : permitted) {
				addEvents(each, topics);
			}
		}
		try {
			PublishedEvents events = PublishedEvents.of(type);
			if (events != null && (permitted == null || !Modifier.isAbstract(type.getModifiers()))) {
				topics.add(events.declared(type));
			}
		}
		catch (Exception | LinkageError ex) {
			logger.debug("Cannot look for @PublishedOn on {}", type, ex);
		}
	}

}
