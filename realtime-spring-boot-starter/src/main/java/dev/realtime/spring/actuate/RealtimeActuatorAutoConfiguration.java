package dev.realtime.spring.actuate;

import java.time.Clock;

import dev.realtime.isolation.IsolationWatch;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.audit.RealtimeAuditAutoConfiguration;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.drain.NodeDrain;
import dev.realtime.spring.drain.RealtimeDrainAutoConfiguration;
import dev.realtime.spring.gateway.Gateway;
import dev.realtime.spring.inspect.FleetDrain;
import dev.realtime.spring.inspect.FleetJourneys;
import dev.realtime.spring.inspect.Inspector;
import dev.realtime.spring.inspect.RealtimeInspectionAutoConfiguration;
import dev.realtime.spring.isolation.RealtimeIsolationAutoConfiguration;
import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.spring.sessions.RealtimeSessionsAutoConfiguration;
import dev.realtime.spring.sessions.SessionDoor;
import dev.realtime.spring.stomp.RealtimeStompAutoConfiguration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and metrics of a node, where the application has an actuator. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, RealtimeAuditAutoConfiguration.class,
		RealtimeSessionsAutoConfiguration.class, RealtimeIsolationAutoConfiguration.class,
		RealtimeStompAutoConfiguration.class, RealtimeInspectionAutoConfiguration.class,
		RealtimeDrainAutoConfiguration.class })
@ConditionalOnBean(RealtimeNode.class)
public class RealtimeActuatorAutoConfiguration {

	/** Guarded by name: each generation of Boot has the class in another place. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.actuate.health.AbstractHealthIndicator")
	static class Boot3HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "realtimeHealthIndicator")
		Boot3HealthIndicator realtimeHealthIndicator(RealtimeNode node, Loops loops, SessionDoor door, NodeDrain drain,
				ObjectProvider<IsolationWatch> isolation, ObjectProvider<Gateway> gateway) {
			return new Boot3HealthIndicator(() -> NodeHealth.of(node, loops, door.restrictions(), door.isStale(),
					drain.state(), isolation.getIfAvailable(), gateway.getIfAvailable()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.health.contributor.AbstractHealthIndicator")
	static class Boot4HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "realtimeHealthIndicator")
		Boot4HealthIndicator realtimeHealthIndicator(RealtimeNode node, Loops loops, SessionDoor door, NodeDrain drain,
				ObjectProvider<IsolationWatch> isolation, ObjectProvider<Gateway> gateway) {
			return new Boot4HealthIndicator(() -> NodeHealth.of(node, loops, door.restrictions(), door.isStale(),
					drain.state(), isolation.getIfAvailable(), gateway.getIfAvailable()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RealtimeMetrics realtimeMetrics(RealtimeNode node) {
			return new RealtimeMetrics(node, Clock.systemUTC());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	@ConditionalOnBean(Gateway.class)
	static class GatewayConfiguration {

		@Bean
		@ConditionalOnMissingBean
		GatewayMetrics realtimeGatewayMetrics(Gateway gateway) {
			return new GatewayMetrics(gateway);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class RefusalConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RefusalMetrics realtimeRefusalMetrics(SecurityEvents events) {
			return new RefusalMetrics(events);
		}

	}

	/** Where the application keeps the actuator's audit trail. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.actuate.audit.listener.AuditApplicationEvent")
	@ConditionalOnBean(type = "org.springframework.boot.actuate.audit.AuditEventRepository")
	static class AuditConfiguration {

		@Bean
		AuditTrail realtimeAuditTrail(ApplicationEventPublisher publisher) {
			return new AuditTrail(publisher);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
	static class SessionsConfiguration {

		@Bean
		@ConditionalOnAvailableEndpoint(endpoint = SessionsEndpoint.class)
		@ConditionalOnMissingBean
		SessionsEndpoint realtimeSessionsEndpoint(RealtimeSessions sessions, ObjectProvider<FleetDrain> drains,
				ObjectProvider<FleetJourneys> journeys) {
			return new SessionsEndpoint(sessions, drains, journeys);
		}

		/** The same over HTTP. */
		@Bean
		@ConditionalOnWebApplication
		@ConditionalOnBean(SessionsEndpoint.class)
		@ConditionalOnMissingBean
		SessionsEndpointWebExtension realtimeSessionsEndpointWebExtension(SessionsEndpoint endpoint,
				ApplicationContext context) {
			return new SessionsEndpointWebExtension(endpoint, new CommandTrail(context, context));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
	@ConditionalOnBean(Inspector.class)
	static class InspectionConfiguration {

		@Bean
		@ConditionalOnAvailableEndpoint(endpoint = InspectionEndpoint.class)
		@ConditionalOnMissingBean
		InspectionEndpoint realtimeInspectionEndpoint(Inspector inspector) {
			return new InspectionEndpoint(inspector);
		}

		/** The same over HTTP. */
		@Bean
		@ConditionalOnWebApplication
		@ConditionalOnBean(InspectionEndpoint.class)
		@ConditionalOnMissingBean
		InspectionEndpointWebExtension realtimeInspectionEndpointWebExtension(InspectionEndpoint endpoint,
				ObjectProvider<InspectorPage> page) {
			return new InspectionEndpointWebExtension(endpoint, page);
		}

		@Bean
		@ConditionalOnProperty(name = "realtime.inspector.enabled", havingValue = "true")
		@ConditionalOnWebApplication
		@ConditionalOnBean(InspectionEndpoint.class)
		InspectorPage realtimeInspectorPage(ObjectProvider<WebEndpointsSupplier> endpoints,
				ObjectProvider<CsrfHeader> csrf) {
			return new InspectorPage(new InspectorSettings(endpoints, csrf));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.security.web.csrf.CsrfToken")
	@ConditionalOnProperty(name = "realtime.inspector.enabled", havingValue = "true")
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class InspectorCsrfConfiguration {

		@Bean
		CsrfHeader realtimeInspectorCsrfHeader() {
			return new SecurityCsrfHeader();
		}

	}

	/** For the other nodes. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
	@ConditionalOnBean(IsolationWatch.class)
	static class NodeConfiguration {

		@Bean
		@ConditionalOnAvailableEndpoint(endpoint = NodeEndpoint.class)
		@ConditionalOnMissingBean
		NodeEndpoint realtimeNodeEndpoint(RealtimeNode node, IsolationWatch isolation) {
			return new NodeEndpoint(node, isolation);
		}

	}

}
