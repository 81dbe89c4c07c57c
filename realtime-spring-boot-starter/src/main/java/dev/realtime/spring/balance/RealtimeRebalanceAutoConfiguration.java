package dev.realtime.spring.balance;

import dev.realtime.balance.Rebalancing;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RebalanceProperties;
import dev.realtime.spring.RoleProperties;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Sends clients of full nodes to others, where the application sets how many. Gateways
 * are compared with gateways, and nodes with nodes: behind gateways nodes have no
 * clients.
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(RealtimeNode.class)
@EnableConfigurationProperties(RebalanceProperties.class)
public class RealtimeRebalanceAutoConfiguration {

	@Bean
	RebalancingLifecycle realtimeRebalancing(RealtimeNode node, RebalanceProperties properties, RoleProperties role,
			ObjectProvider<ApplicationAvailability> availability, Loops loops) {
		if (properties.clientsPerMinute() == 0) {
			return new RebalancingLifecycle(null);
		}
		ApplicationAvailability known = availability.getIfAvailable(ApplicationAvailabilityBean::new);
		return new RebalancingLifecycle(new Rebalancing(node, role.role().word(), properties.options(),
				() -> known.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC, loops));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RebalancingMetrics realtimeRebalancingMetrics(RebalancingLifecycle lifecycle) {
			return new RebalancingMetrics(lifecycle);
		}

	}

}
