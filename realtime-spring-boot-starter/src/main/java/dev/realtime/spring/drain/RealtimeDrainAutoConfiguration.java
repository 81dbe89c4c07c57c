package dev.realtime.spring.drain;

import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configuration of the drain on request, and of the node's readiness. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(RealtimeNode.class)
public class RealtimeDrainAutoConfiguration {

	@Bean
	NodeReadiness realtimeNodeReadiness(ApplicationContext context,
			ObjectProvider<ApplicationAvailability> availability) {
		return new NodeReadiness(context, availability.getIfAvailable(ApplicationAvailabilityBean::new));
	}

	@Bean
	NodeDrain realtimeNodeDrain(RealtimeNode node, RealtimeProperties properties, NodeReadiness readiness,
			Loops loops) {
		return new NodeDrain(node, properties.drain(), readiness, loops);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		NodeDrainMetrics realtimeNodeDrainMetrics(NodeDrain drain) {
			return new NodeDrainMetrics(drain);
		}

	}

}
