package dev.realtime.spring.publisher;

import java.util.function.Supplier;

import dev.realtime.RealtimePublisher;
import dev.realtime.spring.ConditionalOnDescribedTopics;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.function.SingletonSupplier;

/** Auto-configuration of {@link TopicPublisher} and {@link PublishedOn}. */
@AutoConfiguration
@ConditionalOnProperty(name = "realtime.enabled", matchIfMissing = true)
public class TopicPublisherAutoConfiguration {

	@Bean
	static TopicPublisherScanner topicPublisherScanner(ConfigurableListableBeanFactory beans, Environment environment,
			ResourceLoader resources) {
		return new TopicPublisherScanner(beans, environment, resources);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static CommitAwarePublisher realtimeCommitAwarePublisher(BeanFactory beans) {
		return new CommitAwarePublisher(SingletonSupplier.of(() -> beans.getBean(RealtimePublisher.class)));
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static TopicPublisherPostProcessor topicPublisherPostProcessor(CommitAwarePublisher publisher, BeanFactory beans,
			Environment environment) {
		TopicPublisherPostProcessor processor = new TopicPublisherPostProcessor(publisher, converter(beans));
		processor.setProxyTargetClass(environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
		return processor;
	}

	/** One in a hierarchy of contexts: events reach the listeners of the parents too. */
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	@ConditionalOnMissingBean
	static PublishedEventListener realtimePublishedEventListener(CommitAwarePublisher publisher, BeanFactory beans) {
		return new PublishedEventListener(publisher, converter(beans));
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static PayloadConverter topicPublisherPayloadConverter(BeanFactory beans,
			ObjectProvider<MessageConverter> converters) {
		return new PayloadConverter(MessageConverters.of(beans, converters));
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	@ConditionalOnClass(name = "org.springframework.transaction.ConfigurableTransactionManager")
	static BeanPostProcessor realtimeCurrentTransaction() {
		return CurrentTransaction.postProcessor();
	}

	/** For what is JSON in any case: signals and snapshots. */
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static JsonConverter realtimeJsonConverter(BeanFactory beans, ObjectProvider<MessageConverter> converters) {
		return new JsonConverter(MessageConverters.of(beans, converters));
	}

	/** For the document that describes the application's topics. */
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	@ConditionalOnDescribedTopics
	static DeclaredTopics realtimeDeclaredTopics(ConfigurableListableBeanFactory beans,
			ObjectProvider<TopicPublisherScanner> scanner) {
		return new AnnotatedTopics(beans, scanner);
	}

	private static Supplier<PayloadConverter> converter(BeanFactory beans) {
		return SingletonSupplier.of(() -> beans.getBean(PayloadConverter.class));
	}

}
