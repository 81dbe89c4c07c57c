package dev.realtime.spring.publisher;

import dev.realtime.RealtimePublisher;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.messaging.converter.MessageConverter;

/**
 * What an application may inject although {@code realtime.enabled} is {@code false}, so
 * that it starts: a publisher, signals, and the interfaces with {@link TopicPublisher}.
 * Calls fail with a sentence. Methods of beans run as if they had no annotation.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "realtime.enabled", havingValue = "false")
public class SwitchedOffAutoConfiguration {

	@Bean
	static TopicPublisherScanner topicPublisherScanner(ConfigurableListableBeanFactory beans, Environment environment,
			ResourceLoader resources) {
		return new TopicPublisherScanner(beans, environment, resources);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static PayloadConverter topicPublisherPayloadConverter(BeanFactory beans,
			ObjectProvider<MessageConverter> converters) {
		return new PayloadConverter(MessageConverters.of(beans, converters));
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimePublisher realtimePublisher() {
		return new SwitchedOffPublisher();
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimeSignals realtimeSignals(BeanFactory beans, ObjectProvider<MessageConverter> converters) {
		JsonConverter converter = new JsonConverter(MessageConverters.of(beans, converters));
		return new RealtimeSignals((signal) -> SwitchedOffPublisher.refused(signal.topic()), () -> converter,
				Long.MAX_VALUE, Integer.MAX_VALUE);
	}

}
