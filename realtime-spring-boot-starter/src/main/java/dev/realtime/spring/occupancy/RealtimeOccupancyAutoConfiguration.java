package dev.realtime.spring.occupancy;

import java.util.List;

import dev.realtime.loop.Loops;
import dev.realtime.spring.NodeId;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.TopicEventsProperties;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Events of topics, where the application asks for them. The node takes
 * {@link TopicOccupancy} when it is made; without it nothing is counted.
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnProperty(name = "realtime.topic-events.enabled", havingValue = "true")
@ConditionalOnBean(Loops.class)
@EnableConfigurationProperties(TopicEventsProperties.class)
public class RealtimeOccupancyAutoConfiguration {

	@Bean(destroyMethod = "close")
	TopicEvents realtimeTopicEvents(NodeId node, TopicEventsProperties properties, Loops loops,
			ObjectProvider<TopicObserver> observers, ApplicationEventPublisher publisher) {
		List<TopicObserver> all = observers.orderedStream().toList();
		return new TopicEvents(node.value(), properties, loops.loop("realtime-topic-events"), (event) -> {
			all.forEach((observer) -> observer.published(event));
			publisher.publishEvent(event);
		});
	}

	@Bean
	TopicOccupancy realtimeTopicOccupancy(TopicEvents events) {
		return new TopicOccupancy(events);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		TopicEventsMetrics realtimeTopicEventsMetrics(TopicEvents events) {
			return new TopicEventsMetrics(events);
		}

	}

}
