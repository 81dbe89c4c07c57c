package dev.realtime.spring;

import dev.realtime.broker.Broker;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.loop.Loops;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.Presence;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import dev.realtime.restriction.MemoryRestrictionStore;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.spring.RealtimeProperties.BrokerKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One node alone, everything in its memory: for development and tests. */
@Configuration(proxyBeanMethods = false)
class MemoryNodeConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(MemoryNodeConfiguration.class);

	@Bean
	@ConditionalOnMissingBean
	FleetParts realtimeFleetParts(RealtimeProperties properties, RoleProperties role, FleetRelay relay, Loops loops) {
		return new FleetParts() {
			@Override
			public Broker broker() {
				check(properties, role);
				relay.checkAlone();
				logger.info("realtime keeps topics in the memory of this node: they are not shared with other nodes, "
						+ "and are lost when it stops");
				return new MemoryBroker(loops.environment());
			}

			@Override
			public Relay relay() {
				check(properties, role);
				relay.checkAlone();
				return relay.or(LoopbackRelay::new);
			}
		};
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	Presence realtimePresence(RealtimeProperties properties, Loops loops) {
		return new MemoryPresence(properties.presence().options(), loops);
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	RestrictionStore realtimeRestrictionStore(RealtimeProperties properties, Loops loops) {
		return new MemoryRestrictionStore(properties.sessions().maxRestrictions(), loops.environment());
	}

	private static void check(RealtimeProperties properties, RoleProperties role) {
		if (properties.broker() == BrokerKind.REDIS) {
			throw new InvalidRealtimePropertyException("realtime.broker", "redis",
					"needs a RedisConnectionFactory; set spring.data.redis.host, or realtime.broker=memory");
		}
		PropertyBounds.check(properties.redis().shards() == null, "realtime.redis.shards", null,
				"needs Lettuce and Spring Data Redis; add spring-boot-starter-data-redis");
		if (role.role() == Role.PUBLISHER) {
			throw PublisherRules.alone();
		}
	}

}
