package dev.realtime.spring.modulith;

import dev.realtime.RealtimePublisher;
import dev.realtime.spring.ConditionalOnDescribedTopics;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.publisher.PayloadConverter;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.core.EventPublicationRegistry;

/**
 * Auto-configuration of Spring Modulith's target {@code realtime}. Without Modulith's
 * externalization or registry, or in its outbox mode, there is no listener.
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class,
		afterName = { "org.springframework.modulith.events.config.EventPublicationAutoConfiguration",
				"org.springframework.modulith.events.config.EventExternalizationAutoConfiguration" })
@ConditionalOnProperty(name = "realtime.enabled", matchIfMissing = true)
@ConditionalOnClass(name = "org.springframework.modulith.events.support.BrokerRouting")
public class RealtimeModulithAutoConfiguration {

	/** Where Modulith externalizes events and has a registry of them. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "spring.modulith.events.externalization.enabled", matchIfMissing = true)
	@ConditionalOnProperty(name = "spring.modulith.events.externalization.mode", havingValue = "module-listener",
			matchIfMissing = true)
	@ConditionalOnBean({ EventExternalizationConfiguration.class, EventPublicationRegistry.class,
			RealtimePublisher.class })
	static class ExternalizerConfiguration {

		@Bean
		RealtimeEventExternalizer realtimeEventExternalizer(EventExternalizationConfiguration configuration,
				RealtimePublisher publisher, PayloadConverter converter, BeanFactory beans) {
			return new RealtimeEventExternalizer(configuration, publisher, converter, beans);
		}

		/** Made early, as all of its kind. */
		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static RealtimeListenerFactory realtimeListenerFactory(EventExternalizationConfiguration configuration) {
			return new RealtimeListenerFactory(configuration);
		}

		/** For the document that describes the application's topics. */
		@Bean
		@ConditionalOnDescribedTopics
		ExternalizedTopics realtimeExternalizedTopics(BeanFactory beans, Environment environment,
				ResourceLoader resources) {
			return new ExternalizedTopics(beans, environment, resources);
		}

	}

}
