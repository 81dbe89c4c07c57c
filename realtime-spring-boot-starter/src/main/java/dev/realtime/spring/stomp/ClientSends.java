package dev.realtime.spring.stomp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Frame;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.spring.Destinations;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * Clients' SENDs straight to broker destinations: published where the topic's policy lets
 * clients do so, and answered with the position; refused everywhere else.
 */
final class ClientSends {

	private final RealtimeNode node;

	private final Publications publications;

	private final Destinations destinations;

	ClientSends(RealtimeNode node, Publications publications, Destinations destinations) {
		this.node = node;
		this.publications = publications;
		this.destinations = destinations;
	}

	/** Publishes or refuses; the answer comes when it is stored. */
	void handle(Message<?> message, Connection connection, String destination) {
		FrameHeaders frame = FrameHeaders.of(message);
		try {
			Topic topic = this.destinations.topic(destination);
			if (PresenceTopics.base(topic) != null || !this.node.policies().of(topic).clientPublish()) {
				refuse(connection, frame, destination);
				return;
			}
			CompletionStage<PublishReceipt> unused = this.publications.publish(message, topic)
				.whenComplete((receipt, failure) -> {
					if (receipt != null) {
						stored(connection, frame, receipt);
					}
					else if (failure != null) {
						failed(connection, frame, destination, PublishException.of(topic, failure));
					}
				});
		}
		catch (IllegalArgumentException ex) {
			Refusals.refuse(connection, "bad-send", String.valueOf(ex.getMessage()), frame, destination);
		}
	}

	/** Refuses a SEND to a destination that only the application may use. */
	void refuse(Message<?> message, String destination) {
		String sessionId = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		Connection connection = (sessionId != null) ? this.node.hub().connection(sessionId) : null;
		if (connection != null) {
			refuse(connection, FrameHeaders.of(message), destination);
		}
	}

	private static void refuse(Connection connection, FrameHeaders frame, String destination) {
		Refusals.refuse(connection, "client-publish",
				"Clients may not SEND to " + destination + "; send to a destination of the application instead", frame,
				destination);
	}

	private static void stored(Connection connection, FrameHeaders frame, PublishReceipt receipt) {
		String receiptId = frame.receipt();
		if (receiptId != null) {
			Position position = receipt.position();
			Map<String, @Nullable Object> headers = new LinkedHashMap<>();
			headers.put("topic", receipt.topic());
			headers.put("epoch", position.epoch());
			headers.put("seq", position.seq());
			headers.put("duplicate", receipt.duplicate() ? "true" : null);
			connection.send(Frame.of(StompFrames.receipt(receiptId, headers)));
		}
	}

	private static void failed(Connection connection, FrameHeaders frame, String destination, PublishException ex) {
		if (ex.isOutcomeUnknown()) {
			Refusals.refuse(connection, "publish-unknown",
					"No answer from the message store; send again with the same id", frame, destination);
		}
		else {
			Refusals.refuse(connection, "publish-failed", "The message could not be stored; try again later", frame,
					destination);
		}
	}

}
