package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.spring.publisher.GuardedPublisher;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * Publishes Spring's messages. What goes to an application's topic goes through the
 * application's publisher; the engine's own topics, which that one refuses, through ours.
 *
 * @param application the application's publisher
 * @param engine for topics of the engine's own
 * @param users tells a session's user, or null
 * @param clientHeaders which headers of clients' frames subscribers get
 */
record Publications(RealtimePublisher application, GuardedPublisher engine, UnaryOperator<@Nullable String> users,
		ClientHeaders clientHeaders) {

	/** Publishes what the application sends; the caller learns of a failure. */
	PublishReceipt publishAndWait(Message<?> message, Topic topic) {
		return publisher(topic).publishAndWait(publication(message, topic));
	}

	/**
	 * Publishes what the application sends to a user; the caller learns of a failure.
	 * @param topic the user's own
	 * @param stored called when the message is stored for good, see
	 * {@link GuardedPublisher}
	 */
	void publishAndWait(Message<?> message, Topic topic, Consumer<TopicMessage> stored) {
		this.engine.publishAndWait(publication(message, topic), stored);
	}

	private Publication publication(Message<?> message, Topic topic) {
		FrameHeaders frame = FrameHeaders.of(message);
		MessageHeaders headers = message.getHeaders();
		String session = SimpMessageHeaderAccessor.getSessionId(headers);
		Object contentType = headers.get(MessageHeaders.CONTENT_TYPE);
		return publication(topic, message.getPayload(), (contentType != null) ? contentType.toString() : null, frame,
				frame.forSubscribers(), frame.is("exclude-self") ? session : null,
				sender(SimpMessageHeaderAccessor.getUser(headers), session), null, frame.is(Content.IMPORTANT));
	}

	/**
	 * Publishes what a client sends. Its id is one of its user's, so that it can suppress
	 * nothing that the application or another user publishes. Clients without a user
	 * share one scope, because they are not known again after a reconnect. It is never
	 * important: only the application says so.
	 */
	CompletionStage<PublishReceipt> publishForClient(Sent sent, Topic topic) {
		Principal user = sent.user();
		FrameHeaders frame = sent.frame();
		return publisher(topic).publish(publication(topic, sent.payload(), sent.contentType(), frame,
				this.clientHeaders.of(frame), frame.is("exclude-self") ? sent.connection().id() : null,
				sender(user, sent.connection().id()), (user != null) ? "user:" + user.getName() : "anonymous", false));
	}

	private RealtimePublisher publisher(Topic topic) {
		return topic.isReserved() ? this.engine : this.application;
	}

	private static Publication publication(Topic topic, Object payload, @Nullable String contentType,
			FrameHeaders frame, Map<String, String> headers, @Nullable String exclude, @Nullable String sender,
			@Nullable String idScope, boolean important) {
		if (!(payload instanceof byte[] bytes)) {
			throw new IllegalArgumentException("A broker destination takes byte[] payloads, not "
					+ payload.getClass().getName() + "; send through SimpMessagingTemplate");
		}
		if (sender != null) {
			headers.put(Content.SENDER, sender);
		}
		Content content = Content.of(bytes, (contentType != null) ? contentType : "application/octet-stream",
				frame.get("type"), headers);
		return new Publication(topic, content, frame.get("id"), exclude, null, sender, idScope, important);
	}

	/**
	 * Who says it: the message's user; or the user of the session that the message
	 * answers, as with {@code @SendTo}. Not the user whose request is being handled: what
	 * the application sends then may be its own word.
	 */
	private @Nullable String sender(@Nullable Principal user, @Nullable String session) {
		String name = (user != null) ? user.getName() : (session != null) ? this.users.apply(session) : null;
		boolean legal = name != null && !name.isEmpty() && name.length() <= Publication.MAX_SENDER_LENGTH;
		return legal ? name : null;
	}

}
