package dev.realtime.spring.stomp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.security.AccessDecision;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicRight;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * Clients' SENDs straight to broker destinations: published where the topic's policy lets
 * clients do so, and answered with the position; refused everywhere else.
 */
final class ClientSends {

	private static final String BAD = "bad-send";

	private final RealtimeNode node;

	private final Publications publications;

	private final Destinations destinations;

	private final SessionDisconnects goodbyes;

	private final Supplier<TopicAuthorization> access;

	private final Rates rates;

	private final long maxPayload;

	private final PublishShares shares;

	private final Supplier<SendObserver> observer;

	ClientSends(RealtimeNode node, Publications publications, Destinations destinations, SessionDisconnects goodbyes,
			Supplier<TopicAuthorization> access, Rates rates, long maxPayload, PublishShares shares,
			Supplier<SendObserver> observer) {
		this.observer = observer;
		this.rates = rates;
		this.access = access;
		this.goodbyes = goodbyes;
		this.maxPayload = maxPayload;
		this.shares = shares;
		this.node = node;
		this.publications = publications;
		this.destinations = destinations;
	}

	/** Whether clients may publish there at all. */
	boolean mayPublish(String destination) {
		return mayPublish(ClientInput.topic(BAD, () -> this.destinations.topic(destination)));
	}

	private boolean mayPublish(Topic topic) {
		return PresenceTopics.base(topic) == null && this.node.policies().of(topic).clientPublish();
	}

	/**
	 * Publishes or refuses; the answer comes when it is stored.
	 * @param called whether a method of the application takes the frame: then it is not
	 * refused where clients may not publish, because they may call the method
	 * @throws RefusedException when the frame is malformed, the user may not publish
	 * there, or has too much under way
	 */
	void handle(Sent sent, String destination, boolean called) {
		Topic topic = ClientInput.topic(BAD, () -> this.destinations.topic(destination));
		if (!mayPublish(topic)) {
			if (!called) {
				refuse(sent.connection(), sent.frame(), destination);
			}
			return;
		}
		SendObserver.Handling handling = this.observer.get().begin(sent.frame()::get, destination);
		if (handling == null) {
			publish(sent, destination, topic);
			return;
		}
		Throwable failure = null;
		try {
			publish(sent, destination, topic);
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			handling.end(failure);
		}
	}

	private void publish(Sent sent, String destination, Topic topic) {
		Connection connection = sent.connection();
		FrameHeaders frame = sent.frame();
		AccessDecision decision = this.access.get().decideFrame(TopicRight.PUBLISH, sent.user(), topic);
		if (!decision.granted()) {
			throw new RefusedException(decision.reason(), decision.sentence());
		}
		check(sent.payload(), frame.get("id"));
		if (!this.node.hub().follows(topic)) {
			this.rates.sendsToNew(connection, topic);
		}
		Runnable ended = this.shares.take(sent.sender());
		CompletionStage<PublishReceipt> answered = publish(sent, topic, ended).whenComplete((receipt, failure) -> {
			ended.run();
			if (receipt != null) {
				stored(connection, frame, receipt);
			}
			else if (failure != null) {
				failed(connection, frame, destination, PublishException.of(topic, failure));
			}
		});
		this.goodbyes.await(connection, answered);
	}

	private CompletionStage<PublishReceipt> publish(Sent sent, Topic topic, Runnable ended) {
		try {
			return this.publications.publishForClient(sent, topic);
		}
		catch (Throwable ex) {
			ended.run();
			throw ex;
		}
	}

	/**
	 * What the publishers behind this would refuse too, in words that are not for
	 * clients.
	 */
	private void check(Object body, @Nullable String id) {
		if (id != null && (id.isEmpty() || id.length() > Publication.MAX_ID_LENGTH)) {
			throw new RefusedException(BAD,
					"A message id has 1 to " + Publication.MAX_ID_LENGTH + " characters, not " + id.length());
		}
		if (body instanceof byte[] payload && payload.length > this.maxPayload) {
			throw new RefusedException(BAD,
					"The payload has " + payload.length + " bytes, at most " + this.maxPayload + " are allowed");
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
			headers.put("topic", receipt.topic().name());
			headers.put("epoch", position.epoch());
			headers.put("seq", position.seq());
			headers.put("duplicate", receipt.duplicate() ? "true" : null);
			headers.put("replicated", receipt.replicated() ? null : "false");
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
