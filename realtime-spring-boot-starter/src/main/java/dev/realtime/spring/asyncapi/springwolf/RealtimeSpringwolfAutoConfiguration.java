package dev.realtime.spring.asyncapi.springwolf;

import dev.realtime.spring.AsyncApiProperties;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.publisher.TopicPublisherAutoConfiguration;
import io.github.springwolf.core.asyncapi.AsyncApiCustomizer;
import io.github.springwolf.core.asyncapi.components.ComponentsService;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Auto-configuration of what the starter adds to Springwolf's document, in applications
 * that have Springwolf and have not switched it off.
 */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, TopicPublisherAutoConfiguration.class },
		afterName = "io.github.springwolf.core.configuration.SpringwolfAutoConfiguration")
@ConditionalOnProperty(name = { "realtime.enabled", "realtime.asyncapi.springwolf" }, matchIfMissing = true)
@ConditionalOnClass(AsyncApiCustomizer.class)
@ConditionalOnBean(ComponentsService.class)
@EnableConfigurationProperties(AsyncApiProperties.class)
public class RealtimeSpringwolfAutoConfiguration {

	/** The first one: the application's customizers change what it adds, too. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	RealtimeMessages realtimeSpringwolfMessages(ListableBeanFactory beans, ComponentsService components,
			AsyncApiProperties properties) {
		return new RealtimeMessages(beans, components, properties.server());
	}

}
