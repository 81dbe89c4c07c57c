package dev.realtime.spring;

import java.util.function.Function;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.broker.RoutingBroker;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import dev.realtime.presence.redis.RedisPresence;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.relay.Relay;
import dev.realtime.relay.redis.RedisRelay;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.sequence.redis.RedisTopicCounter;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Numbering, log, relay and presence in the application's own Redis: address, TLS,
 * credentials and client options are those of its connection factory.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ RedisClient.class, RedisConnectionFactory.class })
@ConditionalOnBean(RedisConnectionFactory.class)
@ConditionalOnExpression("!'${realtime.broker:auto}'.equalsIgnoreCase('memory')")
class RedisNodeConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RedisNodeConfiguration.class);

	@Bean
	FleetParts realtimeFleetParts(RedisConnectionFactory factory, RealtimeProperties properties, Loops loops) {
		return new FleetParts() {
			@Override
			public Broker broker() {
				return connected(factory,
						(client) -> new RedisBroker(client, keys(properties),
								new RedisBrokerOptions(properties.redis().timeout(), properties.redis().numberingTtl(),
										properties.publish().maxInFlight()),
								loops));
			}

			@Override
			public Relay relay() {
				return connected(factory,
						(client) -> RedisRelay.connect(client, keys(properties), properties.redis().timeout(), loops));
			}
		};
	}

	/** The counter's connection. */
	@Bean(destroyMethod = "close", defaultCandidate = false)
	@ConditionalOnProperty(name = "realtime.sequence", havingValue = "redis")
	RedisLink realtimeCounterLink(RedisConnectionFactory factory, RealtimeProperties properties, Loops loops) {
		return connected(factory,
				(client) -> RedisLink.connect(client, properties.redis().timeout(), loops, "realtime-redis-counter"));
	}

	@Bean
	@ConditionalOnProperty(name = "realtime.sequence", havingValue = "redis")
	@ConditionalOnMissingBean
	TopicCounter realtimeTopicCounter(@Qualifier("realtimeCounterLink") RedisLink link, RealtimeProperties properties) {
		return new RedisTopicCounter(link, keys(properties));
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	Presence realtimePresence(RedisConnectionFactory factory, RealtimeProperties properties, NodeId nodeId,
			TopicPolicies policies, Broker broker, Loops loops) {
		if (!(broker instanceof RedisBroker || broker instanceof RoutingBroker)) {
			logger.warn(
					"Presence publishes joins and leaves in Redis. The application's own Broker ({}) must keep "
							+ "_presence.** topics there, or the application must define a Presence too",
					broker.getClass());
		}
		return new RedisPresence(client(factory), keys(properties), nodeId.value(), properties.presence().options(),
				policies, properties.redis().timeout(), properties.redis().numberingTtl(), loops);
	}

	private static RedisKeys keys(RealtimeProperties properties) {
		return new RedisKeys(properties.redis().prefix());
	}

	private static <T> T connected(RedisConnectionFactory factory, Function<RedisClient, T> connect) {
		try {
			return connect.apply(client(factory));
		}
		catch (RedisConnectionException ex) {
			throw new RedisUnreachableException(address(factory), ex);
		}
	}

	private static RedisClient client(RedisConnectionFactory factory) {
		if (!(factory instanceof LettuceConnectionFactory lettuce)) {
			throw new IllegalStateException(
					"realtime needs a LettuceConnectionFactory, this application has a " + factory.getClass().getName()
							+ "; define one, or set realtime.broker=memory for a single node without Redis");
		}
		AbstractRedisClient client = lettuce.getRequiredNativeClient();
		if (client instanceof RedisClient known) {
			return known;
		}
		throw new IllegalStateException("realtime works with one Redis or Sentinel, not yet with Redis Cluster; "
				+ "point spring.data.redis at a single server, or set realtime.broker=memory");
	}

	private static String address(RedisConnectionFactory factory) {
		return (factory instanceof LettuceConnectionFactory lettuce) ? lettuce.getHostName() + ':' + lettuce.getPort()
				: "the configured address";
	}

}
