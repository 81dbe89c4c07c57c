package dev.realtime.spring.stomp;

import java.util.Objects;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.GatewayProperties;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.gateway.ApplicationNode;
import dev.realtime.spring.gateway.ForwardedSends;
import dev.realtime.spring.gateway.Gateway;
import dev.realtime.spring.gateway.GatewayUsers;
import dev.realtime.spring.gateway.SecurityGatewayUsers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.MessageChannel;
import org.springframework.security.core.Authentication;

/** SENDs from gateways to the application's nodes; see {@link Gateway}. */
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {

	/** The loop that delivers what the application says to one session. */
	static final String DELIVERIES = "realtimeGatewayDeliveries";

	/** This application is a gateway. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "realtime.role", havingValue = "gateway")
	static class OfConnections {

		@Bean(initMethod = "begin", destroyMethod = "close")
		Gateway realtimeGateway(RealtimeNode node, GatewayProperties properties, Loops loops) {
			return new Gateway(node, properties, loops);
		}

		@Bean(name = DELIVERIES, destroyMethod = "close", defaultCandidate = false)
		Loop realtimeGatewayDeliveries(Loops loops) {
			return loops.loop("realtime-gateway-deliveries");
		}

	}

	/** This application takes the SENDs of gateways. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(GatewayProperties.SECRET)
	@ConditionalOnExpression("'${realtime.role:node}'.equalsIgnoreCase('node')")
	static class OfApplication {

		@Bean(destroyMethod = "close")
		ApplicationNode realtimeApplicationNode(RealtimeNode node, GatewayProperties properties,
				ObjectProvider<ForwardedSends> sends, Loops loops) {
			return new ApplicationNode(node, properties, sends::getIfAvailable, loops);
		}

		@Bean
		ForwardedFrames realtimeForwardedFrames(ApplicationContext context, BrokerPostProcessor broker,
				ObjectProvider<GatewayUsers> users, ApplicationNode node) {
			return new ForwardedFrames(() -> context.getBean("clientInboundChannel", MessageChannel.class),
					broker::broker, users.getIfAvailable(GatewayUsers::new), node);
		}

		@Bean
		ApplicationNodeEvents realtimeApplicationNodeEvents(ApplicationNode node, RealtimeProperties properties,
				ApplicationContext context) {
			return new ApplicationNodeEvents(Objects.requireNonNull(node), properties.drain().timeout(), context);
		}

	}

	/** Where users have authorities. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Authentication.class)
	static class SpringSecurity {

		@Bean
		GatewayUsers realtimeGatewayUsers() {
			return new SecurityGatewayUsers();
		}

	}

}
