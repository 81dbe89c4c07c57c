package dev.realtime.spring.users;

import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.stomp.RealtimeStompAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.user.SimpUserRegistry;

/** The users of all nodes in {@link SimpUserRegistry}, where the application asks. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, RealtimeStompAutoConfiguration.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(name = "realtime.user-registry.fleet-wide", havingValue = "true")
@ConditionalOnBean(RealtimeNode.class)
public class RealtimeUsersAutoConfiguration {

	@Bean(destroyMethod = "close")
	FleetRoster realtimeFleetRoster(RealtimeNode node, RealtimeProperties properties, Loops loops) {
		return new FleetRoster(node, properties.userRegistry(), loops);
	}

	@Bean
	static UserRegistryPostProcessor realtimeUserRegistryPostProcessor(ApplicationContext context) {
		return new UserRegistryPostProcessor(context);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		FleetRosterMetrics realtimeFleetRosterMetrics(FleetRoster roster) {
			return new FleetRosterMetrics(roster);
		}

	}

}
