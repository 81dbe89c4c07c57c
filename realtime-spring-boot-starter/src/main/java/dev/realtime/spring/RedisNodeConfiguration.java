package dev.realtime.spring;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.broker.RoutingBroker;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import dev.realtime.presence.redis.RedisPresence;
import dev.realtime.rate.FleetRates;
import dev.realtime.rate.redis.RedisFleetRates;
import dev.realtime.redis.RedisLink;
import dev.realtime.relay.Relay;
import dev.realtime.relay.redis.RedisRelay;
import dev.realtime.restriction.MemoryRestrictionStore;
import dev.realtime.restriction.ConnectionCounts;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.redis.RedisConnectionCounts;
import dev.realtime.restriction.redis.RedisRestrictionStore;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.sequence.redis.RedisTopicCounter;
import io.lettuce.core.RedisClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Numbering, log, relay and presence in the application's own Redis: address, TLS,
 * credentials and client options are those of its connection factory; or on the servers
 * of {@code realtime.redis.shards}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ RedisClient.class, RedisConnectionFactory.class })
@ConditionalOnBean(RedisConnectionFactory.class)
@ConditionalOnExpression("!'${realtime.broker:auto}'.equalsIgnoreCase('memory') and !'${realtime.broker:auto}'.equalsIgnoreCase('jdbc')")
class RedisNodeConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RedisNodeConfiguration.class);

	@Bean(destroyMethod = "close")
	FleetRedis realtimeFleetRedis(ListableBeanFactory beans, RealtimeProperties properties, RelayProperties relay,
			FleetRelay chosen) {
		EarlyExemplars.resolve(beans);
		RedisConnectionFactory factory = ChosenBean.of(beans, RedisConnectionFactory.class,
				"realtime.redis.connection-factory", properties.redis().connectionFactory());
		return new FleetRedis(factory, properties.redis(), relay.subscriptions(), chosen);
	}

	@Bean
	FleetParts realtimeFleetParts(FleetRedis redis, FleetRelay relay, RealtimeProperties properties,
			FleetRegions regions, TopicPolicies policies, Loops loops) {
		return new FleetParts() {
			@Override
			public Broker broker() {
				RedisBroker broker = redis.connected((client) -> new RedisBroker(client, redis.keys(),
						new RedisBrokerOptions(properties.redis().timeout(), properties.redis().numberingTtl(),
								properties.publish().maxInFlight(), properties.redis().continuing()),
						relay.separate(), loops));
				return regions.around(broker, redis.isCluster(), policies, loops);
			}

			@Override
			public Relay relay() {
				return relay.or(() -> redis.connected(
						(client) -> RedisRelay.connect(client, redis.keys(), properties.redis().timeout(), loops)));
			}
		};
	}

	/** The counter's connection. */
	@Bean(destroyMethod = "close", defaultCandidate = false)
	@ConditionalOnProperty(name = "realtime.sequence", havingValue = "redis")
	RedisLink realtimeCounterLink(FleetRedis redis, RealtimeProperties properties, Loops loops) {
		return redis.connected(
				(client) -> RedisLink.connect(client, properties.redis().timeout(), loops, "realtime-redis-counter"));
	}

	@Bean
	@ConditionalOnProperty(name = "realtime.sequence", havingValue = "redis")
	@ConditionalOnMissingBean
	TopicCounter realtimeTopicCounter(@Qualifier("realtimeCounterLink") RedisLink link, FleetRedis redis) {
		return new RedisTopicCounter(link, redis.keys());
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	Presence realtimePresence(FleetRedis redis, RealtimeProperties properties, NodeId nodeId, TopicPolicies policies,
			Broker broker, FleetRelay relay, Loops loops) {
		if (!isOurs(broker)) {
			logger.warn(
					"Presence publishes joins and leaves in Redis. The application's own Broker ({}) must keep "
							+ "_presence.** topics there, or the application must define a Presence too",
					broker.getClass());
		}
		Relay separate = relay.separate();
		return new RedisPresence(redis.client(), redis.keys(), nodeId.value(), properties.presence().options(),
				policies, properties.redis().timeout(), properties.redis().numberingTtl(),
				(separate != null) ? separate::announce : null, loops);
	}

	/** On a connection of its own, so that commands do not wait for what is published. */
	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	RestrictionStore realtimeRestrictionStore(FleetRedis redis, RealtimeProperties properties, Broker broker,
			Loops loops) {
		if (!isOurs(broker)) {
			logger.warn(
					"Blocks and revocations apply to this node only, because the application has its own "
							+ "Broker ({}); define a RestrictionStore bean to share them with all nodes",
					broker.getClass());
			return new MemoryRestrictionStore(properties.sessions().maxRestrictions(), loops.environment());
		}
		return redis.connected((client) -> new RedisRestrictionStore(
				RedisLink.connect(client, properties.redis().timeout(), loops, "realtime-redis-sessions"), redis.keys(),
				properties.sessions().maxRestrictions()));
	}

	/**
	 * Whether it keeps topics in Redis, also behind a broker that the application puts in
	 * front.
	 */
	private static boolean isOurs(Broker broker) {
		return broker.unwrap(RedisBroker.class) != null || broker.unwrap(RoutingBroker.class) != null;
	}

	/** On a connection of its own, which only nodes with connections need. */
	@Lazy
	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	@ConditionalOnExpression("${realtime.limits.fleet-connections-per-user:0} > 0")
	ConnectionCounts realtimeConnectionCounts(FleetRedis redis, RealtimeProperties properties, NodeId nodeId,
			Loops loops) {
		return redis.connected((client) -> new RedisConnectionCounts(
				RedisLink.connect(client, properties.redis().timeout(), loops, "realtime-redis-connections"),
				redis.keys(), nodeId.value(), properties.presence().options().lease()));
	}

	/** On a connection of its own, because it reports much where many users are busy. */
	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	@ConditionalOnProperty(name = "realtime.rates.fleet-wide", havingValue = "true")
	FleetRates realtimeFleetRates(FleetRedis redis, RealtimeProperties properties, Loops loops) {
		return redis.connected((client) -> new RedisFleetRates(
				RedisLink.connect(client, properties.redis().timeout(), loops, "realtime-redis-rates"), redis.keys()));
	}

}
