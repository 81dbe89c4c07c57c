package dev.realtime.spring.stomp;

import java.util.Objects;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.restriction.ConnectionCounts;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.AmountLimitsProperties;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.FramePacking;
import dev.realtime.spring.GatewayProperties;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.TracingProperties;
import dev.realtime.spring.audit.RealtimeAuditAutoConfiguration;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.rates.RealtimeRatesAutoConfiguration;
import dev.realtime.spring.security.ConnectAuthenticators;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.sessions.RealtimeSessionsAutoConfiguration;
import dev.realtime.spring.sessions.SessionDoor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.env.Environment;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.DelegatingWebSocketMessageBrokerConfiguration;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;

/**
 * The STOMP endpoint, with our broker inside Spring's STOMP support. An application that
 * has its own {@code @EnableWebSocketMessageBroker} keeps its endpoints and prefixes.
 * <p>
 * Spring's STOMP support defines executors and a scheduler. Boot defines those of the
 * application only where there are none, so this comes after Boot.
 */
@AutoConfiguration(
		after = { RealtimeAutoConfiguration.class, RealtimeAuditAutoConfiguration.class,
				RealtimeRatesAutoConfiguration.class, RealtimeSessionsAutoConfiguration.class,
				TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class },
		beforeName = { "org.springframework.boot.autoconfigure.websocket.servlet.WebSocketMessagingAutoConfiguration",
				"org.springframework.boot.websocket.autoconfigure.servlet.WebSocketMessagingAutoConfiguration" })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(WebSocketMessageBrokerConfigurer.class)
@ConditionalOnBean(RealtimeNode.class)
@EnableConfigurationProperties(GatewayProperties.class)
@Import(GatewayConfiguration.class)
public class RealtimeStompAutoConfiguration {

	@Bean
	static BrokerPostProcessor realtimeBrokerPostProcessor(ApplicationContext context) {
		return new BrokerPostProcessor(context);
	}

	/** One thread for both channels: it has work only while an executor takes nothing. */
	@Bean(name = BrokerPostProcessor.RETRIES, destroyMethod = "close", defaultCandidate = false)
	Loop realtimeChannelRetries(Loops loops) {
		return loops.loop("realtime-channel-retries");
	}

	@Bean
	SubscriptionEvents realtimeSubscriptionEvents(ApplicationEventPublisher events) {
		return new SubscriptionEvents(events);
	}

	@Bean
	InboundFrames realtimeInboundFrames(RealtimeProperties properties, RealtimeNode node, SubscriptionEvents events,
			BrokerPostProcessor broker, ObjectProvider<SendObserver> observers) {
		return new InboundFrames(properties.limits(), node.hub(), events, broker::broker,
				SingletonSupplier.of(() -> observers.getIfAvailable(() -> SendObserver.NONE)));
	}

	@Bean
	ConnectCredentials realtimeConnectCredentials(RealtimeNode node, RealtimeProperties properties,
			ConnectAuthenticators authenticators, SessionDoor door, ObjectProvider<TopicAuthorization> access) {
		Credentials credentials = new Credentials(authenticators::all, properties.security().expiryNotice());
		return new ConnectCredentials(node.hub(), credentials, new Renewals(node.hub(), credentials, door,
				access::getObject, properties.security().authenticationTimeout()));
	}

	@Bean
	FrameMessages realtimeFrameMessages(ObjectProvider<WebSocketHandler> handlers, RealtimeProperties properties) {
		return new FrameMessages(handlers, properties.limits().maxHeaders());
	}

	@Bean
	ShortPath realtimeShortPath(ApplicationContext context, BrokerPostProcessor broker) {
		return new ShortPath(new FrameObservers(context, broker::isUserRegistryOfSpring),
				() -> ShortPath.Parts.of(context.getBean("clientInboundChannel", ExecutorSubscribableChannel.class),
						Objects.requireNonNull(broker.broker())));
	}

	@Bean
	OutboundInterceptors realtimeOutboundInterceptors(RealtimeNode node,
			AbstractSubscribableChannel clientOutboundChannel, Destinations destinations,
			@Qualifier("realtimeInterceptorThreads") Loop threads, TracingProperties tracing) {
		return new OutboundInterceptors(node.hub(), clientOutboundChannel,
				new TopicMessages(destinations::of, tracing.tellsClients()), threads);
	}

	/** No more tasks wait than there are connections; without interceptors it is idle. */
	@Bean(destroyMethod = "close", defaultCandidate = false)
	Loop realtimeInterceptorThreads(RealtimeProperties properties, ObjectProvider<Loops> loops) {
		return loops.getIfAvailable(Loops::new)
			.loop("realtime-interceptor", properties.queue().effectiveInterceptorThreads());
	}

	/** Closes sockets, and writes where the container's session can only block. */
	@Bean(destroyMethod = "close")
	SocketThreads realtimeSocketThreads(RealtimeProperties properties) {
		return new SocketThreads(properties.limits().sockjsHttpConnections());
	}

	/** The node has to be there before connections are counted, and ends after them. */
	@Bean(name = FleetConnections.BEAN, destroyMethod = "close", defaultCandidate = false)
	@ConditionalOnBean(ConnectionCounts.class)
	FleetConnections realtimeFleetConnections(ConnectionCounts counts, Loops loops, AmountLimitsProperties amounts,
			RealtimeProperties properties) {
		return new FleetConnections(counts, loops.loop("realtime-fleet-connections"), amounts.fleetConnectionsPerUser(),
				properties.presence().options().lease());
	}

	/** No candidate where the application injects its own handshake interceptors. */
	@Bean(name = ConnectionLimits.BEAN, defaultCandidate = false)
	ConnectionLimits realtimeConnectionLimits(AddressConnections addresses, RealtimeProperties properties,
			@Qualifier(FleetConnections.BEAN) ObjectProvider<FleetConnections> fleet) {
		return new ConnectionLimits(addresses,
				new UserConnections(properties.limits().connectionsPerUser(), fleet.getIfAvailable()));
	}

	/** No candidate where the application injects its own registrations. */
	@Bean(defaultCandidate = false)
	static HandshakeDoor.Registration realtimeHandshakeDoor(ApplicationContext context) {
		return new HandshakeDoor.Registration(context);
	}

	@Bean
	@Order(0)
	WebSocketMessageBrokerConfigurer realtimeTransportConfigurer(RealtimeNode node, RealtimeProperties properties,
			SocketThreads threads, FrameMessages messages, @Qualifier(ConnectionLimits.BEAN) ConnectionLimits limits,
			SecurityEvents events, SessionDoor door, Rates rates, ShortPath shortPath,
			ObjectProvider<FrameObserver> observers) {
		ProtocolRules rules = new ProtocolRules(properties.limits(), properties.security().authenticationTimeout(),
				messages, properties.queue().packing() == FramePacking.ALWAYS, new SessionRefusals(events, door), rates,
				shortPath, SingletonSupplier.of(() -> observers.getIfAvailable(() -> FrameObserver.NONE)));
		int maxFrameSize = properties.limits().largestFrame();
		return new WebSocketMessageBrokerConfigurer() {

			@Override
			public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
				registration.setMessageSizeLimit(maxFrameSize);
				registration.addDecoratorFactory(
						(handler) -> new SessionDecorator(handler, node.hub(), threads, rules, limits));
			}

			@Override
			public void registerStompEndpoints(StompEndpointRegistry registry) {
				registry.setErrorHandler(new ProtocolErrors(node.hub()));
			}

		};
	}

	@Bean
	HostLimits realtimeHostLimits(RealtimeProperties properties, Environment environment) {
		return new HostLimits(properties, environment);
	}

	@Bean
	@ConditionalOnProperty(prefix = "realtime.drain", name = "enabled", matchIfMissing = true)
	DrainDelay realtimeDrainDelay(RealtimeNode node, RealtimeProperties properties, ApplicationContext context) {
		return new DrainDelay(properties.drain().delay(), node::isRefusingConnections, context);
	}

	@Bean
	DrainLifecycle realtimeDrainLifecycle(RealtimeNode node, RealtimeProperties properties) {
		return new DrainLifecycle(node, properties.drain());
	}

	/** For an application that has configured no STOMP support of its own. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(DelegatingWebSocketMessageBrokerConfiguration.class)
	@EnableWebSocketMessageBroker
	static class DefaultEndpoint {

		/** Injection by type finds the executors of the application alone. */
		@Bean
		static BeanFactoryPostProcessor realtimeChannelExecutors() {
			return new ChannelExecutors();
		}

		@Bean
		@Order(1)
		WebSocketMessageBrokerConfigurer realtimeEndpointConfigurer(RealtimeProperties properties) {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void registerStompEndpoints(StompEndpointRegistry registry) {
					registry.addEndpoint(properties.endpoint())
						.setAllowedOriginPatterns(properties.allowedOrigins().toArray(String[]::new));
				}

				@Override
				public void configureMessageBroker(MessageBrokerRegistry registry) {
					registry.enableSimpleBroker("/topic", "/queue");
					registry.setApplicationDestinationPrefixes("/app");
				}

				@Override
				public void configureClientInboundChannel(ChannelRegistration registration) {
					ChannelExecutors.takeBackFromBoot(registration);
				}

				@Override
				public void configureClientOutboundChannel(ChannelRegistration registration) {
					ChannelExecutors.takeBackFromBoot(registration);
				}

			};
		}

	}

}
