package dev.realtime.spring.stomp;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.AbstractApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionConnectEvent;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;

/**
 * Finds who gets Spring's events of clients that connect, subscribe and unsubscribe, by
 * asking what multicasts them. The end of a session is not among these events: Spring
 * publishes it whatever happens to frames.
 */
final class SessionListeners {

	private static final String REGISTRY = "userRegistry";

	/** Spring Boot's, which hands events on to listeners that a property names. */
	private static final String BOOTS_DELEGATE = "org.springframework.boot.context.config.DelegatingApplicationListener";

	private static final String DELEGATES = "context.listener.classes";

	/**
	 * Spring Modulith's, of listeners that its own multicaster asks before it calls them.
	 */
	private static final String CONDITIONAL = "org.springframework.modulith.events.core.ConditionalEventListener";

	private static final String ASKS = "org.springframework.modulith.";

	private static final @Nullable Method LISTENERS = ReflectionUtils.findMethod(
			AbstractApplicationEventMulticaster.class, "getApplicationListeners", ApplicationEvent.class,
			ResolvableType.class);

	private final ApplicationContext context;

	private @Nullable ApplicationListener<? super AbstractSubProtocolEvent> registry;

	SessionListeners(ApplicationContext context) {
		this.context = context;
	}

	/**
	 * Looks for them.
	 * @param source what publishes the events
	 * @param observers gets the names of all but Spring's registry of users
	 */
	void find(StompSubProtocolHandler source, List<String> observers) {
		Message<byte[]> message = new GenericMessage<>(new byte[0]);
		Set<String> names = new LinkedHashSet<>();
		for (ApplicationContext each = this.context; each != null; each = each.getParent()) {
			find(each, new SessionConnectEvent(source, message, null), names);
			find(each, new SessionConnectedEvent(source, message, null), names);
			find(each, new SessionSubscribeEvent(source, message, null), names);
			find(each, new SessionUnsubscribeEvent(source, message, null), names);
		}
		observers.addAll(names);
	}

	/** Returns the registry of users, if it listens. */
	@Nullable ApplicationListener<? super AbstractSubProtocolEvent> registry() {
		return this.registry;
	}

	private void find(ApplicationContext context, AbstractSubProtocolEvent event, Set<String> names) {
		Object multicaster = context
			.containsLocalBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME)
					? context.getBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME) : null;
		if (LISTENERS == null || !(multicaster instanceof AbstractApplicationEventMulticaster)) {
			names.add("events of " + context.getDisplayName());
			return;
		}
		ReflectionUtils.makeAccessible(LISTENERS);
		Object listeners = ReflectionUtils.invokeMethod(LISTENERS, multicaster, event,
				ResolvableType.forInstance(event));
		boolean asks = multicaster.getClass().getName().startsWith(ASKS);
		for (Object each : (listeners instanceof Collection<?> all) ? all : List.of()) {
			if (!asks || !declines(each, event)) {
				note(context, each, names);
			}
		}
	}

	/** Calls by name, because Spring Modulith is seldom there. */
	private static boolean declines(Object listener, AbstractSubProtocolEvent event) {
		for (Class<?> type : ClassUtils.getAllInterfaces(listener)) {
			Method supports = type.getName().equals(CONDITIONAL)
					? ReflectionUtils.findMethod(type, "supports", Object.class) : null;
			if (supports != null) {
				return Boolean.FALSE.equals(ReflectionUtils.invokeMethod(supports, listener, event));
			}
		}
		return false;
	}

	@SuppressWarnings("unchecked")
	private void note(ApplicationContext context, Object listener, Set<String> names) {
		if (context == this.context && context.containsBean(REGISTRY) && listener == context.getBean(REGISTRY)) {
			this.registry = (ApplicationListener<? super AbstractSubProtocolEvent>) listener;
		}
		else if (!listener.getClass().getName().equals(BOOTS_DELEGATE)
				|| this.context.getEnvironment().containsProperty(DELEGATES)) {
			names.add(listener.toString());
		}
	}

}
