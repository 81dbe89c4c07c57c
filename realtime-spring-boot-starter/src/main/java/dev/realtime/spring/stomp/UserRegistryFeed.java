package dev.realtime.spring.stomp;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;

/**
 * Tells Spring's registry of users what it learns from events otherwise, where it is the
 * only one that listens to them. Its events say what the registry reads of them: session,
 * user, id and destination.
 */
final class UserRegistryFeed {

	private static final byte[] NO_PAYLOAD = {};

	private final ApplicationListener<? super AbstractSubProtocolEvent> registry;

	private final StompSubProtocolHandler source;

	UserRegistryFeed(ApplicationListener<? super AbstractSubProtocolEvent> registry, StompSubProtocolHandler source) {
		this.registry = registry;
		this.source = source;
	}

	/** The client has connected. */
	void connected(Sender sender) {
		this.registry
			.onApplicationEvent(new SessionConnectedEvent(this.source, message(sender, null, null), sender.user()));
	}

	/** The client has subscribed. */
	void subscribed(Sender sender, String id, String destination) {
		this.registry.onApplicationEvent(
				new SessionSubscribeEvent(this.source, message(sender, id, destination), sender.user()));
	}

	/** The subscription has ended. */
	void unsubscribed(Sender sender, String id) {
		this.registry
			.onApplicationEvent(new SessionUnsubscribeEvent(this.source, message(sender, id, null), sender.user()));
	}

	private static Message<byte[]> message(Sender sender, @Nullable String id, @Nullable String destination) {
		Map<String, Object> headers = new HashMap<>(8);
		headers.put(SimpMessageHeaderAccessor.SESSION_ID_HEADER, sender.connection().id());
		if (id != null) {
			headers.put(SimpMessageHeaderAccessor.SUBSCRIPTION_ID_HEADER, id);
		}
		if (destination != null) {
			headers.put(SimpMessageHeaderAccessor.DESTINATION_HEADER, destination);
		}
		return new GenericMessage<>(NO_PAYLOAD, new Facts(headers));
	}

	/** Headers without an id, which costs random numbers, and without a timestamp. */
	private static final class Facts extends MessageHeaders {

		private static final long serialVersionUID = 1L;

		Facts(Map<String, Object> headers) {
			super(headers, ID_VALUE_NONE, -1L);
		}

	}

}
