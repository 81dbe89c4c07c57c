package dev.realtime.spring.stomp;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.support.MessageHandlingRunnable;

/**
 * Holds back a session's SENDs, and SUBSCRIBEs of application destinations, while a topic
 * that it subscribed to before does not know where live delivery starts. So whatever such
 * a frame causes, in a transaction too, is published behind that start, and a client that
 * subscribes and then sends gets its own message whatever the broker.
 */
final class SendGate {

	private final Supplier<Hub> hub;

	SendGate(Supplier<Hub> hub) {
		this.hub = hub;
	}

	/**
	 * Whether the task handles a frame that must not be handled yet: a SEND, or a
	 * SUBSCRIBE that calls the application. SUBSCRIBEs of topics never wait.
	 */
	boolean holds(Runnable task) {
		Connection connection = maySend(task) ? connection(session(task)) : null;
		return connection != null && connection.isOpening();
	}

	/**
	 * Calls back when the session's SENDs are not held any more, also because its
	 * connection has ended.
	 */
	void whenOpen(String session, Runnable task) {
		Connection connection = connection(session);
		if (connection != null) {
			connection.whenOpen(task);
		}
		else {
			task.run();
		}
	}

	/** The session whose frame the task handles, or null. */
	static @Nullable String session(Runnable task) {
		return (task instanceof MessageHandlingRunnable handling)
				? SimpMessageHeaderAccessor.getSessionId(handling.getMessage().getHeaders()) : null;
	}

	private @Nullable Connection connection(@Nullable String session) {
		return (session != null) ? this.hub.get().connection(session) : null;
	}

	private static boolean maySend(Runnable task) {
		return isSend(task) || (task instanceof MessageHandlingRunnable handling
				&& handling.getMessageHandler() instanceof SimpAnnotationMethodMessageHandler application
				&& isFor(application, handling.getMessage()));
	}

	private static boolean isFor(SimpAnnotationMethodMessageHandler application, Message<?> message) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		Collection<String> prefixes = application.getDestinationPrefixes();
		return destination != null && prefixes != null
				&& SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.SUBSCRIBE
				&& List.copyOf(prefixes).stream().anyMatch(destination::startsWith);
	}

	/** Whether the task tells Spring that a session is over, which it must hear of. */
	static boolean isEnd(Runnable task) {
		return type(task) == SimpMessageType.DISCONNECT;
	}

	/** Whether the task handles a SEND. */
	static boolean isSend(Runnable task) {
		return type(task) == SimpMessageType.MESSAGE;
	}

	private static @Nullable SimpMessageType type(Runnable task) {
		if (!(task instanceof MessageHandlingRunnable handling)) {
			return null;
		}
		MessageHeaders headers = handling.getMessage().getHeaders();
		return SimpMessageHeaderAccessor.getMessageType(headers);
	}

}
