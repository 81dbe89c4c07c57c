package dev.realtime.spring.stomp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.user.UserRegistryMessageHandler;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.ImmutableMessageChannelInterceptor;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.messaging.WebSocketAnnotationMethodMessageHandler;

/**
 * Decides whether anything but this starter looks at what clients send as Spring
 * messages. Interceptors and handlers of the two channels to and from clients do, with
 * Spring Security's among them, and listeners for Spring's events of sessions and
 * subscriptions. An annotated method is none: it looks at its own destinations only.
 * <p>
 * Decided at the first frame, and again when there are more interceptors, handlers or
 * listeners than before. Safe for any number of threads.
 */
final class FrameObservers {

	private static final Logger logger = LoggerFactory.getLogger(FrameObservers.class);

	/** Compared exactly: a subclass may do something else. */
	private static final Set<Class<?>> INTERCEPTORS = Set.of(InboundFrames.class, ConnectCredentials.class,
			UserRequired.class, ImmutableMessageChannelInterceptor.class);

	private static final Set<Class<?>> HANDLERS = Set.of(RealtimeBrokerMessageHandler.class,
			PersonalDestinationHandler.class, UserRegistryMessageHandler.class,
			SimpAnnotationMethodMessageHandler.class, WebSocketAnnotationMethodMessageHandler.class);

	/** Spring's own, which change nothing of what clients send. */
	private static final String SPRINGS_OWN = "org.springframework.messaging.";

	/** Looks at DISCONNECT only, which always passes the channel. */
	private static final String OF_BROKERS = AbstractBrokerMessageHandler.class.getName()
			+ "$UnsentDisconnectChannelInterceptor";

	private final ApplicationContext context;

	private final BooleanSupplier springsRegistry;

	private final SingletonSupplier<Places> places = SingletonSupplier.of(this::places);

	private volatile @Nullable Known known;

	/**
	 * Makes the decision's place.
	 * @param springsRegistry whether the registry of this node's users is Spring's own
	 */
	FrameObservers(ApplicationContext context, BooleanSupplier springsRegistry) {
		this.context = context;
		this.springsRegistry = springsRegistry;
	}

	/**
	 * Returns what tells Spring's registry of users of the frames of clients, or null
	 * where something else looks at them too, so that they must pass Spring's channels.
	 */
	@Nullable UserRegistryFeed unobserved() {
		Known now = this.known;
		return (now != null && now.count() == count()) ? now.feed() : lookAgain();
	}

	private int count() {
		int count = 0;
		for (Collection<?> each : this.places.obtain().live()) {
			count += each.size();
		}
		return count;
	}

	private synchronized @Nullable UserRegistryFeed lookAgain() {
		int count = count();
		Known before = this.known;
		if (before != null && before.count() == count) {
			return before.feed();
		}
		Places all = this.places.obtain();
		List<String> observers = new ArrayList<>();
		interceptors(all.inbound(), observers);
		handlers(all.inbound(), observers);
		outbound(all.outbound(), observers);
		StompSubProtocolHandler source = stomp(observers);
		SessionListeners listeners = new SessionListeners(this.context);
		UserRegistryFeed feed = null;
		if (source != null) {
			listeners.find(source, observers);
			var registry = listeners.registry();
			if (registry != null && this.springsRegistry.getAsBoolean()) {
				feed = new UserRegistryFeed(registry, source);
			}
			else {
				observers.add("the registry of users");
			}
		}
		if (!observers.isEmpty()) {
			feed = null;
			logger.info("Clients' frames pass Spring's channels as messages, because these components observe "
					+ "them: {}", observers);
		}
		this.known = new Known(count, feed);
		return feed;
	}

	private Places places() {
		AbstractSubscribableChannel inbound = channel("clientInboundChannel");
		AbstractSubscribableChannel outbound = channel("clientOutboundChannel");
		List<Collection<?>> live = new ArrayList<>(List.of(inbound.getInterceptors(), inbound.getSubscribers(),
				outbound.getInterceptors(), outbound.getSubscribers()));
		for (ApplicationContext each = this.context; each != null; each = each.getParent()) {
			if (each instanceof AbstractApplicationContext known) {
				live.add(known.getApplicationListeners());
			}
		}
		return new Places(inbound, outbound, List.copyOf(live));
	}

	private AbstractSubscribableChannel channel(String name) {
		return this.context.getBean(name, AbstractSubscribableChannel.class);
	}

	private static void interceptors(AbstractSubscribableChannel inbound, List<String> observers) {
		for (Object each : inbound.getInterceptors()) {
			if (!INTERCEPTORS.contains(each.getClass()) && !each.getClass().getName().equals(OF_BROKERS)) {
				observers.add(each.getClass().getName());
			}
		}
	}

	private static void handlers(AbstractSubscribableChannel inbound, List<String> observers) {
		if (inbound.getClass() != ExecutorSubscribableChannel.class) {
			observers.add(inbound.getClass().getName());
		}
		for (Object each : inbound.getSubscribers()) {
			if (!HANDLERS.contains(each.getClass())) {
				observers.add(each.getClass().getName());
			}
		}
	}

	/** CONNECTED passes this channel. */
	private static void outbound(AbstractSubscribableChannel outbound, List<String> observers) {
		if (outbound.getClass() != ExecutorSubscribableChannel.class) {
			observers.add(outbound.getClass().getName());
		}
		for (Object each : outbound.getInterceptors()) {
			if (!each.getClass().getName().startsWith(SPRINGS_OWN)) {
				observers.add(each.getClass().getName());
			}
		}
		for (Object each : outbound.getSubscribers()) {
			if (each.getClass() != SubProtocolWebSocketHandler.class) {
				observers.add(each.getClass().getName());
			}
		}
	}

	/** Spring's one handler of STOMP as we have set it up, or null. */
	private @Nullable StompSubProtocolHandler stomp(List<String> observers) {
		Object bean = this.context.getBean("subProtocolWebSocketHandler");
		if (bean instanceof SubProtocolWebSocketHandler handler && handler.getProtocolHandlers().size() == 1
				&& handler.getProtocolHandlers().get(0) instanceof StompSubProtocolHandler stomp
				&& stomp.getClass() == StompSubProtocolHandler.class && stomp.getHeaderInitializer() == null
				&& stomp.getErrorHandler() instanceof ProtocolErrors) {
			return stomp;
		}
		observers.add("Spring's STOMP handlers, which the application has set up");
		return null;
	}

	/**
	 * Where observers are.
	 *
	 * @param live all of them, in collections that grow when one is added
	 */
	private record Places(AbstractSubscribableChannel inbound, AbstractSubscribableChannel outbound,
			List<Collection<?>> live) {
	}

	/**
	 * What was found.
	 *
	 * @param count when there were so many interceptors, handlers and listeners
	 * @param feed null where something looks
	 */
	private record Known(int count, @Nullable UserRegistryFeed feed) {
	}

}
