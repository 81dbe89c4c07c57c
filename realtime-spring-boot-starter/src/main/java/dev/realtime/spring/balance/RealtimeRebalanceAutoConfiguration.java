package dev.realtime.spring.balance;

import dev.realtime.balance.Rebalancing;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RebalanceProperties;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sends clients of full nodes to others, where the application sets how many. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(RealtimeNode.class)
@EnableConfigurationProperties(RebalanceProperties.class)
public class RealtimeRebalanceAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnExpression("${realtime.drain.rebalance.clients-per-minute:0} > 0")
	static class RebalancingConfiguration {

		@Bean(destroyMethod = "close")
		Rebalancing realtimeRebalancing(RealtimeNode node, RebalanceProperties properties,
				ObjectProvider<ApplicationAvailability> availability, Loops loops) {
			ApplicationAvailability known = availability.getIfAvailable(ApplicationAvailabilityBean::new);
			return new Rebalancing(node, properties.options(),
					() -> known.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC, loops);
		}

		@Bean
		RebalancingLifecycle realtimeRebalancingLifecycle(Rebalancing rebalancing) {
			return new RebalancingLifecycle(rebalancing);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	@ConditionalOnBean(Rebalancing.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RebalancingMetrics realtimeRebalancingMetrics(Rebalancing rebalancing) {
			return new RebalancingMetrics(rebalancing);
		}

	}

}
