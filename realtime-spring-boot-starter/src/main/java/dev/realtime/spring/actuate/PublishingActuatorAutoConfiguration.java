package dev.realtime.spring.actuate;

import java.time.Clock;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.loop.Loops;
import dev.realtime.node.FleetMember;
import dev.realtime.node.PublisherNode;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.jdbc.DurableBroker;
import dev.realtime.spring.jdbc.EnginePool;
import dev.realtime.spring.publisher.BrokerBreaker;
import dev.realtime.spring.publisher.CommitAwarePublisher;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Health and metrics of publishing, whatever the role; and of a process that does nothing
 * else.
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(FleetMember.class)
public class PublishingActuatorAutoConfiguration {

	@Bean
	static RedisHealthBackOff realtimeRedisHealthBackOff(Environment environment) {
		return new RedisHealthBackOff(environment);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		PublishingMetrics realtimePublishingMetrics(FleetMember member, TopicPolicies policies, Loops loops,
				ObjectProvider<CommitAwarePublisher> commits) {
			return new PublishingMetrics(member, policies, loops, commits.getIfAvailable());
		}

	}

	/** Guarded by name: each generation of Boot has the class in another place. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.actuate.health.AbstractHealthIndicator")
	@ConditionalOnBean(PublisherNode.class)
	static class Boot3HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "realtimeHealthIndicator")
		Boot3HealthIndicator realtimeHealthIndicator(PublisherNode publisher, Loops loops) {
			return new Boot3HealthIndicator(() -> NodeHealth.of(publisher, loops));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.health.contributor.AbstractHealthIndicator")
	@ConditionalOnBean(PublisherNode.class)
	static class Boot4HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "realtimeHealthIndicator")
		Boot4HealthIndicator realtimeHealthIndicator(PublisherNode publisher, Loops loops) {
			return new Boot4HealthIndicator(() -> NodeHealth.of(publisher, loops));
		}

	}

	/** The breaker of a registry that the application does not know. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	@ConditionalOnBean(BrokerBreaker.class)
	static class BreakerConfiguration {

		@Bean
		@ConditionalOnMissingBean
		BreakerMetrics realtimeBreakerMetrics(BrokerBreaker breaker) {
			return new BreakerMetrics(breaker);
		}

	}

	/** Where the fleet is one of several regions. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	@ConditionalOnProperty(name = "realtime.region")
	@ConditionalOnBean(Broker.class)
	static class RegionConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RegionMetrics realtimeRegionMetrics(Broker broker) {
			return new RegionMetrics(broker);
		}

	}

	/** Where there is a durable log. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(EnginePool.class)
	static class DurableConfiguration {

		@Bean
		@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
		@ConditionalOnMissingBean
		DurableMetrics realtimeDurableMetrics(@DurableBroker JdbcBroker broker) {
			return new DurableMetrics(broker, Clock.systemUTC());
		}

		@Bean
		@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
		@ConditionalOnAvailableEndpoint(endpoint = DeadLettersEndpoint.class)
		@ConditionalOnMissingBean
		DeadLettersEndpoint realtimeDeadLettersEndpoint(@DurableBroker JdbcBroker broker, TopicPolicies policies) {
			return new DeadLettersEndpoint(broker.deadLetters(), policies);
		}

	}

}
