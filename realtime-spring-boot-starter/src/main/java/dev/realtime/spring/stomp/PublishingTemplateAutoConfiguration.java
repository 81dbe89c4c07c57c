package dev.realtime.spring.stomp;

import dev.realtime.RealtimePublisher;
import dev.realtime.node.PublisherNode;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.publisher.GuardedPublisher;
import dev.realtime.spring.publisher.MessageConverters;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.simp.SimpMessageSendingOperations;
import org.springframework.messaging.simp.SimpMessagingTemplate;

/** {@link SimpMessagingTemplate} where there is no endpoint to bring it. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(PublisherNode.class)
public class PublishingTemplateAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(SimpMessageSendingOperations.class)
	SimpMessagingTemplate realtimeMessagingTemplate(RealtimePublisher application,
			@Qualifier("realtimeEnginePublisher") GuardedPublisher engine, Destinations destinations,
			RealtimeProperties properties, BeanFactory beans, ObjectProvider<MessageConverter> converters) {
		SimpMessagingTemplate template = new SimpMessagingTemplate(new PublishingChannel(
				new Publications(application, engine, (session) -> null, ClientHeaders.of(properties.publish())),
				destinations));
		template.setUserDestinationPrefix(destinations.userPrefix());
		template.setMessageConverter(MessageConverters.of(beans, converters).get());
		return template;
	}

}
