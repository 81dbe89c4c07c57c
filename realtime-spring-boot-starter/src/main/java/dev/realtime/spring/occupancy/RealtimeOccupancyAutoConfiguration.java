package dev.realtime.spring.occupancy;

import dev.realtime.loop.Loops;
import dev.realtime.occupancy.OccupancyOptions;
import dev.realtime.occupancy.redis.RedisOccupancyStore;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.spring.ConditionalOnConnections;
import dev.realtime.spring.FleetRedis;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.NodeId;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.TopicEventsProperties;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
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
@ConditionalOnExpression("'${realtime.topic-events.enabled:false}'.equalsIgnoreCase('true') or '${realtime.topic-events.fleet-wide:false}'.equalsIgnoreCase('true')")
@ConditionalOnBean(Loops.class)
@EnableConfigurationProperties(TopicEventsProperties.class)
public class RealtimeOccupancyAutoConfiguration {

	private static final String FLEET_WIDE = "realtime.topic-events.fleet-wide";

	@Bean
	TopicAnnouncements realtimeTopicAnnouncements(NodeId node, ObjectProvider<TopicObserver> observers,
			ApplicationEventPublisher publisher) {
		return new TopicAnnouncements(node.value(), observers.orderedStream().toList(), publisher);
	}

	/** The events of a node that has no fleet are those of the fleet. */
	@Bean(destroyMethod = "close")
	TopicEvents realtimeTopicEvents(TopicEventsProperties properties, Loops loops, TopicAnnouncements announcements,
			ObjectProvider<FleetTopicEvents> fleets, ObjectProvider<RestrictionStore> restrictions) {
		FleetTopicEvents fleet = fleets.getIfAvailable();
		if (fleet != null) {
			return new TopicEvents(properties, fleet.loop(), (topic, occupied, time) -> fleet.changed(topic, occupied));
		}
		RestrictionStore store = properties.fleetWide() ? restrictions.getIfAvailable() : null;
		if (store != null && store.isShared()) {
			throw new InvalidRealtimePropertyException(FLEET_WIDE, true,
					"needs Redis, which this fleet does not have, and the value true itself, not on, yes or 1; remove it, and each node publishes its own events");
		}
		return new TopicEvents(properties, loops.loop("realtime-topic-events"), announcements::announce);
	}

	@Bean
	TopicOccupancy realtimeTopicOccupancy(TopicEvents events) {
		return new TopicOccupancy(events);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnConnections
	@ConditionalOnProperty(name = FLEET_WIDE, havingValue = "true")
	@ConditionalOnClass(name = "org.springframework.data.redis.connection.RedisConnectionFactory")
	@ConditionalOnBean(FleetRedis.class)
	static class FleetConfiguration {

		/** On a connection of its own, so that its calls delay no publication. */
		@Bean(destroyMethod = "stop")
		FleetTopicEvents realtimeFleetTopicEvents(FleetRedis redis, NodeId node, RealtimeProperties properties,
				TopicEventsProperties events, TopicAnnouncements announcements, Loops loops) {
			PresenceOptions presence = properties.presence().options();
			return new FleetTopicEvents(
					new RedisOccupancyStore(redis.link(loops, "realtime-redis-occupancy"), redis.keys()), node.value(),
					new OccupancyOptions(presence.refresh(), presence.lease(), events.grace(), events.queue()), loops,
					announcements);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		TopicEventsMetrics realtimeTopicEventsMetrics(TopicEvents events, ObjectProvider<FleetTopicEvents> fleet) {
			return new TopicEventsMetrics(events, fleet.getIfAvailable());
		}

	}

}
