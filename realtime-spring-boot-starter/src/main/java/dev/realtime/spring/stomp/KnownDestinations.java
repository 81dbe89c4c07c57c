package dev.realtime.spring.stomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.spring.Destinations;
import dev.realtime.spring.RefusedException;

import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.user.UserDestinationMessageHandler;
import org.springframework.messaging.simp.user.UserRegistryMessageHandler;
import org.springframework.messaging.support.AbstractSubscribableChannel;

/**
 * Knows what takes a message of a channel: a topic, an annotated method, or a handler of
 * the application's own. A handler that does not say which destinations it takes may take
 * any, so nothing is refused where the application has subscribed one to the channel.
 * Safe for any number of threads.
 */
final class KnownDestinations {

	static final String UNKNOWN = "unknown-destination";

	private static final String ENGINE_PREFIX = "/realtime/";

	private static final Set<Class<?>> ENGINE = Set.of(RealtimeBrokerMessageHandler.class,
			PersonalDestinationHandler.class, UserDestinationMessageHandler.class, UserRegistryMessageHandler.class);

	private final AbstractSubscribableChannel channel;

	private final BrokerPrefixes topics;

	private final Destinations destinations;

	private final Map<SimpAnnotationMethodMessageHandler, AnnotatedMethods> methods = new ConcurrentHashMap<>(2);

	KnownDestinations(AbstractSubscribableChannel channel, BrokerPrefixes topics, Destinations destinations) {
		this.channel = channel;
		this.topics = topics;
		this.destinations = destinations;
	}

	BrokerPrefixes topics() {
		return this.topics;
	}

	/** What destinations of a user start with. */
	String userPrefix() {
		return this.destinations.userPrefix();
	}

	/** The subscribers of the channel, in the order in which they get a message. */
	List<MessageHandler> handlers() {
		return List.copyOf(this.channel.getSubscribers());
	}

	/** Whether the handler gets a message first. */
	boolean isFirst(MessageHandler handler) {
		return handler == this.channel.getSubscribers().iterator().next();
	}

	/** Whether the handler gets a message last. */
	boolean isLast(MessageHandler handler) {
		List<MessageHandler> all = handlers();
		return handler == all.get(all.size() - 1);
	}

	/** Whether application code takes the message, or may take it. */
	boolean isForApplication(SimpMessageType type, String destination) {
		for (MessageHandler handler : this.channel.getSubscribers()) {
			if (takes(handler, type, destination)) {
				return true;
			}
		}
		return false;
	}

	/** Whether an annotated method of the handler takes the message. */
	boolean isForMethod(MessageHandler handler, SimpMessageType type, String destination) {
		return handler instanceof SimpAnnotationMethodMessageHandler annotated
				&& methods(annotated).take(type, destination);
	}

	/** Whether any annotated method takes the message. */
	boolean isForMethod(SimpMessageType type, String destination) {
		for (MessageHandler handler : this.channel.getSubscribers()) {
			if (isForMethod(handler, type, destination)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether a handler of the application takes the message that is neither a topic's
	 * nor an annotated method's, or may take it.
	 */
	boolean isForOtherHandler(SimpMessageType type, String destination) {
		return !destination.startsWith(userPrefix()) && !destination.startsWith(ENGINE_PREFIX)
				&& !this.topics.match(destination) && !isForMethod(type, destination)
				&& isForApplication(type, destination);
	}

	/** The refusal of what nothing takes; it names what there is. */
	RefusedException unknown(String destination) {
		return new RefusedException(UNKNOWN, sentence(destination));
	}

	String sentence(String destination) {
		Set<String> known = new TreeSet<>(this.topics.names());
		known.add(userPrefix());
		for (MessageHandler handler : this.channel.getSubscribers()) {
			if (handler instanceof SimpAnnotationMethodMessageHandler annotated) {
				known.addAll(methods(annotated).prefixes());
			}
		}
		String shown = (destination.length() > 200) ? destination.substring(0, 200) + "…" : destination;
		return "Nothing handles the destination \"" + shown + "\"; known destinations start with "
				+ String.join(", ", new ArrayList<>(known));
	}

	private boolean takes(MessageHandler handler, SimpMessageType type, String destination) {
		if (ENGINE.contains(handler.getClass())) {
			return false;
		}
		if (handler instanceof SimpAnnotationMethodMessageHandler annotated) {
			return methods(annotated).take(type, destination);
		}
		if (handler instanceof AbstractBrokerMessageHandler broker) {
			return broker.getDestinationPrefixes().isEmpty()
					|| broker.getDestinationPrefixes().stream().anyMatch(destination::startsWith);
		}
		return true;
	}

	private AnnotatedMethods methods(SimpAnnotationMethodMessageHandler handler) {
		return this.methods.computeIfAbsent(handler, AnnotatedMethods::new);
	}

}
