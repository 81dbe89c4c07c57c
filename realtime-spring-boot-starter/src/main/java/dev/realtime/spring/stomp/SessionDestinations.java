package dev.realtime.spring.stomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Content;

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

	private final Map<String, Map<String, String>> bySession = new ConcurrentHashMap<>();

	/** Adds a subscription; false when there is one of this id, which goes on. */
	boolean subscribe(String sessionId, String subscriptionId, String destination) {
		return this.bySession.computeIfAbsent(sessionId, (id) -> new ConcurrentHashMap<>())
			.putIfAbsent(subscriptionId, destination) == null;
	}

	void unsubscribe(String sessionId, String subscriptionId) {
		Map<String, String> subscriptions = this.bySession.get(sessionId);
		if (subscriptions != null) {
			subscriptions.remove(subscriptionId);
		}
	}

	void remove(String sessionId) {
		this.bySession.remove(sessionId);
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
		this.bySession.getOrDefault(sessionId, Map.of()).forEach((subscriptionId, each) -> {
			if (each.equals(destination)) {
				found.add(subscriptionId);
			}
		});
		return found;
	}

}
