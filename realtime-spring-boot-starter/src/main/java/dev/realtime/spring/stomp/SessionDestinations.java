package dev.realtime.spring.stomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Content;
import dev.realtime.connection.Connection;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Subscriptions to destinations that exist for one session only, such as
 * {@code /queue/errors-user7f3}: what is sent there is neither numbered nor stored, and
 * never leaves this node. Safe for any number of threads.
 */
final class SessionDestinations {

	private final PerConnection<Map<String, String>> byConnection = new PerConnection<>(ConcurrentHashMap::new,
			Map::clear);

	/** Adds a subscription; false when there is one of this id, which goes on. */
	boolean subscribe(Connection connection, String subscriptionId, String destination) {
		return this.byConnection.of(connection).putIfAbsent(subscriptionId, destination) == null;
	}

	void unsubscribe(String sessionId, String subscriptionId) {
		Map<String, String> subscriptions = this.byConnection.find(sessionId);
		if (subscriptions != null) {
			subscriptions.remove(subscriptionId);
		}
	}

	/** The message for each of the session's subscriptions to the destination. */
	List<Message<?>> copies(Message<?> message, String sessionId, String destination) {
		List<Message<?>> copies = new ArrayList<>();
		for (String subscriptionId : find(sessionId, destination)) {
			SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
			headers.setSessionId(sessionId);
			headers.setSubscriptionId(subscriptionId);
			headers.copyHeadersIfAbsent(message.getHeaders());
			headers.removeNativeHeader(Content.SENDER);
			headers.setLeaveMutable(true);
			copies.add(MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders()));
		}
		return copies;
	}

	/** Ids of the session's subscriptions to the destination. */
	private List<String> find(String sessionId, String destination) {
		List<String> found = new ArrayList<>();
		Map<String, String> subscriptions = this.byConnection.find(sessionId);
		if (subscriptions != null) {
			subscriptions.forEach((subscriptionId, each) -> {
				if (each.equals(destination)) {
					found.add(subscriptionId);
				}
			});
		}
		return found;
	}

}
