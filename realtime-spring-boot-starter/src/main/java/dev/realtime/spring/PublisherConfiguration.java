package dev.realtime.spring;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.loop.Loops;
import dev.realtime.node.PublisherNode;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Publishing without connections, for {@code realtime.role=publisher}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = Role.PROPERTY, havingValue = "publisher")
class PublisherConfiguration {

	/** Started before it is given to anybody, so that publishing works from the start. */
	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnMissingBean
	PublisherNode realtimePublisherNode(PublisherRules rules, NodeId nodeId, Broker broker, TopicPolicies policies,
			RealtimeProperties properties, Loops loops) {
		rules.check();
		return new PublisherNode(nodeId.value(), broker, policies, properties.drain().timeout(), loops.environment());
	}

	@Bean
	PublisherRules realtimePublisherRules(ListableBeanFactory beans, RealtimeProperties properties,
			RelayProperties relay, AmountLimitsProperties amounts) {
		return new PublisherRules(beans, properties, relay, amounts);
	}

}
