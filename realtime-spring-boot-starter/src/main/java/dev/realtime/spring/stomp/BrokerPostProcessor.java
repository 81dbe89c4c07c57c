package dev.realtime.spring.stomp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.realtime.RealtimePublisher;
import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.loop.Loop;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.gateway.Gateway;
import dev.realtime.spring.gateway.GatewayUsers;
import dev.realtime.spring.httpsession.HttpSessionMark;
import dev.realtime.spring.offline.OfflineMessages;
import dev.realtime.spring.publisher.GuardedPublisher;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.security.AnonymousAccess;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.sessions.SessionDoor;
import dev.realtime.spring.unread.UserUnread;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.user.UserDestinationMessageHandler;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.InterceptableChannel;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.config.WebSocketMessageBrokerStats;
import org.springframework.web.socket.messaging.DefaultSimpUserRegistry;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

/**
 * Puts our broker in the simple broker's place, whoever has configured that: the
 * application's own {@code @EnableWebSocketMessageBroker} or our auto-configuration.
 */
final class BrokerPostProcessor implements BeanPostProcessor {

	/** The loop that runs the application's code for what is delivered. */
	static final String APPLICATION = "realtimeInterceptorThreads";

	/** The loop that asks the channels' executors again. */
	static final String RETRIES = "realtimeChannelRetries";

	/** A frame is handled by up to four handlers, a task each. */
	private static final int TASKS_FOR_EACH_FRAME = 4;

	private final ApplicationContext context;

	private volatile boolean userRegistryOfSpring;

	BrokerPostProcessor(ApplicationContext context) {
		this.context = context;
	}

	/** Another post-processor may put something in its place later. */
	@Override
	public Object postProcessBeforeInitialization(Object bean, String name) {
		if (name.equals("userRegistry")) {
			this.userRegistryOfSpring = bean.getClass() == DefaultSimpUserRegistry.class;
		}
		return bean;
	}

	/** Whether the registry of this node's users is the one that Spring makes. */
	boolean isUserRegistryOfSpring() {
		return this.userRegistryOfSpring;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return switch (name) {
			case "simpleBrokerMessageHandler" ->
				(bean instanceof SimpleBrokerMessageHandler simple) ? replace(simple) : bean;
			case "userDestinationMessageHandler" ->
				(bean instanceof UserDestinationMessageHandler handler) ? replace(handler) : bean;
			case "clientInboundChannel" -> intercepted(bean);
			case "brokerChannel" -> guarded(bean);
			case "stompWebSocketHandlerMapping" -> publishing(bean);
			case "clientInboundChannelExecutor" -> ordered(virtual(bean), inboundBound(), new SendGate(hub()));
			case "clientOutboundChannelExecutor" -> ordered(bean, Integer.MAX_VALUE, null);
			case "webSocketMessageBrokerStats" -> counting(bean);
			default -> bean;
		};
	}

	/** The stats tell of thread pools only when they see them. */
	private Object counting(Object bean) {
		if (bean instanceof WebSocketMessageBrokerStats stats) {
			stats.setInboundChannelExecutor(pool("clientInboundChannelExecutor"));
			stats.setOutboundChannelExecutor(pool("clientOutboundChannelExecutor"));
		}
		return bean;
	}

	private TaskExecutor pool(String name) {
		TaskExecutor executor = this.context.getBean(name, TaskExecutor.class);
		return (executor instanceof SessionOrderedExecutor ordered && ordered.delegate() instanceof TaskExecutor pool)
				? pool : executor;
	}

	private RealtimeBrokerMessageHandler replace(SimpleBrokerMessageHandler simple) {
		Supplier<TopicAuthorization> access = SingletonSupplier.of(() -> bean(TopicAuthorization.class));
		RealtimeBrokerMessageHandler ours = new RealtimeBrokerMessageHandler(
				(AbstractSubscribableChannel) simple.getClientInboundChannel(), simple.getClientOutboundChannel(),
				(AbstractSubscribableChannel) simple.getBrokerChannel(), simple.getDestinationPrefixes(),
				bean(RealtimeNode.class),
				new Publications(bean(RealtimePublisher.class),
						this.context.getBean("realtimeEnginePublisher", GuardedPublisher.class),
						users(bean(RealtimeNode.class).hub(), () -> optional(ForwardedFrames.class)),
						ClientHeaders.of(bean(RealtimeProperties.class).publish())),
				bean(Destinations.class), bean(InboundFrames.class), bean(RealtimeProperties.class),
				new UnreadFrames(this.context.getBeanProvider(UserUnread.class).getIfAvailable()),
				new TypingFrames(bean(RealtimeNode.class), bean(RealtimeSignals.class), access,
						bean(RealtimeProperties.class).typing()),
				new PatternSubscribes(bean(Destinations.class),
						bean(RealtimeProperties.class).limits().topicsPerPattern(), access,
						this.context.getBean(APPLICATION, Loop.class)),
				access, bean(SessionDoor.class), bean(Rates.class), limits().users(),
				new TokenSubscriptions(this.context.getBean(APPLICATION, Loop.class)));
		Gateway gateway = optional(Gateway.class);
		if (gateway != null) {
			GatewayUsers users = optional(GatewayUsers.class);
			ours.handOn(gateway, (users != null) ? users : new GatewayUsers(), simple.getBrokerChannel(),
					this.context.getBean(GatewayConfiguration.DELIVERIES, Loop.class));
		}
		ours.setApplicationEventPublisher(this.context);
		ours.setPhase(simple.getPhase());
		long[] heartbeat = simple.getHeartbeatValue();
		if (heartbeat != null && simple.getTaskScheduler() != null) {
			ours.setHeartbeat(heartbeat[0], heartbeat[1]);
		}
		return ours;
	}

	private static UnaryOperator<@Nullable String> users(Hub hub, Supplier<@Nullable ForwardedFrames> forwarded) {
		Supplier<@Nullable ForwardedFrames> gateways = SingletonSupplier.ofNullable(forwarded);
		return (sessionId) -> {
			Connection connection = (sessionId != null) ? hub.connection(sessionId) : null;
			ForwardedFrames frames = (connection == null) ? gateways.get() : null;
			return (connection != null) ? connection.user() : (frames != null) ? frames.user(sessionId) : null;
		};
	}

	private UserDestinationMessageHandler replace(UserDestinationMessageHandler handler) {
		RealtimeBrokerMessageHandler ours = broker();
		if (ours == null) {
			return handler;
		}
		PersonalDestinationHandler personal = new PersonalDestinationHandler(
				this.context.getBean("clientInboundChannel", SubscribableChannel.class),
				this.context.getBean("brokerChannel", SubscribableChannel.class), handler.getUserDestinationResolver(),
				ours, bean(InboundFrames.class), bean(Destinations.class), () -> optional(ForwardedFrames.class),
				offline());
		personal.setPhase(handler.getPhase());
		return personal;
	}

	/**
	 * Null where the application has no handlers, which are not made earlier than needed.
	 */
	private @Nullable Supplier<OfflineMessages> offline() {
		return (this.context.getBeanNamesForType(OfflineMessages.class, true, false).length > 0)
				? SingletonSupplier.of(() -> bean(OfflineMessages.class)) : null;
	}

	/** Our broker, or null where the application has another one. */
	@Nullable RealtimeBrokerMessageHandler broker() {
		return (this.context.getBean("simpleBrokerMessageHandler") instanceof RealtimeBrokerMessageHandler ours) ? ours
				: null;
	}

	private Object guarded(Object channel) {
		if (channel instanceof InterceptableChannel interceptable) {
			interceptable.addInterceptor(new ServerSends(this::broker));
		}
		return channel;
	}

	/** The mapping is there when the endpoints have been told of the context. */
	private Object publishing(Object mapping) {
		Object endpoint = this.context.getBean("subProtocolWebSocketHandler");
		if (broker() != null && endpoint instanceof SubProtocolWebSocketHandler handlers) {
			handlers.getProtocolHandlers()
				.stream()
				.filter(StompSubProtocolHandler.class::isInstance)
				.map(StompSubProtocolHandler.class::cast)
				.forEach(bean(SubscriptionEvents.class)::takeOver);
			if (mapping instanceof AbstractUrlHandlerMapping endpoints) {
				endpoints.getHandlerMap().values().forEach(this::intercept);
			}
		}
		return mapping;
	}

	/** Streams pass the same interceptors. */
	private void intercept(Object endpoint) {
		if (endpoint instanceof WebSocketHttpRequestHandler plain) {
			plain.setHandshakeInterceptors(withOurs(plain.getHandshakeInterceptors()));
		}
		else if (endpoint instanceof SockJsHttpRequestHandler sockJs
				&& sockJs.getSockJsService() instanceof TransportHandlingSockJsService service) {
			service.setHandshakeInterceptors(withOurs(service.getHandshakeInterceptors()));
		}
	}

	/**
	 * Refusals are reported, the limits come first, and the HTTP session is noted when
	 * the others have agreed.
	 */
	private List<HandshakeInterceptor> withOurs(List<HandshakeInterceptor> interceptors) {
		List<HandshakeInterceptor> all = new ArrayList<>();
		all.add(new HandshakeRefusals(() -> bean(SecurityEvents.class)));
		all.add(limits());
		all.addAll(interceptors);
		if (bean(RealtimeProperties.class).security().endWithHttpSession()) {
			all.add(new HttpSessionMark());
		}
		return all;
	}

	private Object intercepted(Object channel) {
		if (channel instanceof InterceptableChannel interceptable) {
			interceptable.addInterceptor(0, bean(InboundFrames.class));
			interceptable.addInterceptor(1, bean(ConnectCredentials.class));
			if (!bean(AnonymousAccess.class).isOpen()) {
				interceptable.addInterceptor(new UserRequired(bean(RealtimeNode.class).hub()));
			}
			ForwardedFrames forwarded = optional(ForwardedFrames.class);
			if (forwarded != null) {
				interceptable.addInterceptor(forwarded);
			}
		}
		return channel;
	}

	private Object virtual(Object executor) {
		return (executor instanceof Executor known)
				? VirtualThreads.insteadOf(known, "clientInboundChannel-", this.context.getEnvironment()) : executor;
	}

	private Object ordered(Object executor, int bound, @Nullable SendGate gate) {
		return (executor instanceof Executor known)
				? new SessionOrderedExecutor(known, bound, gate, this.context.getBean(RETRIES, Loop.class)) : executor;
	}

	private Supplier<Hub> hub() {
		return SingletonSupplier.of(() -> bean(RealtimeNode.class).hub());
	}

	private int inboundBound() {
		return bean(RealtimeProperties.class).limits().inboundPending() * TASKS_FOR_EACH_FRAME;
	}

	private ConnectionLimits limits() {
		return this.context.getBean(ConnectionLimits.BEAN, ConnectionLimits.class);
	}

	private <T> @Nullable T optional(Class<T> type) {
		return this.context.getBeanProvider(type).getIfAvailable();
	}

	private <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

}
