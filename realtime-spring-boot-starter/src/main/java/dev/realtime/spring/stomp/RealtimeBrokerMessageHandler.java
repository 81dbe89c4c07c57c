package dev.realtime.spring.stomp;

import java.security.Principal;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Frame;
import dev.realtime.hub.SubscribeException;
import dev.realtime.hub.SubscribeRequest;
import dev.realtime.node.PresenceTopics;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeType;

/**
 * The broker that Spring's STOMP support talks to. What the application or a client sends
 * to a broker destination is published, so it is numbered, stored and relayed; what a
 * client subscribes to becomes a subscriber of the hub.
 * <p>
 * Called by the threads of the inbound channel, one frame of a session after the other,
 * and by whichever thread the application publishes on.
 */
class RealtimeBrokerMessageHandler extends AbstractBrokerMessageHandler implements InboundFrames.FromClients {

	private static final byte[] NO_PAYLOAD = {};

	private static final int MAX_USER_NAME = 255;

	private final RealtimeNode node;

	private final RealtimePublisher publisher;

	/** For topics of the engine's own, which the application's publisher refuses. */
	private final RealtimePublisher enginePublisher;

	private final Destinations destinations;

	private final InboundFrames inbound;

	private final RealtimeProperties properties;

	private final SessionDestinations sessionDestinations = new SessionDestinations();

	private final UserConnections users;

	RealtimeBrokerMessageHandler(SubscribableChannel inboundChannel, MessageChannel outboundChannel,
			SubscribableChannel brokerChannel, Collection<String> prefixes, RealtimeNode node,
			RealtimePublisher publisher, RealtimePublisher enginePublisher, Destinations destinations,
			InboundFrames inbound, RealtimeProperties properties) {
		super(inboundChannel, outboundChannel, brokerChannel, prefixes);
		this.node = node;
		this.publisher = publisher;
		this.enginePublisher = enginePublisher;
		this.destinations = destinations;
		this.inbound = inbound;
		this.properties = properties;
		this.users = new UserConnections(properties.limits().connectionsPerUser());
	}

	@Override
	protected void startInternal() {
		publishBrokerAvailableEvent();
	}

	@Override
	protected void stopInternal() {
		publishBrokerUnavailableEvent();
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		MessageHeaders headers = message.getHeaders();
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(headers);
		String sessionId = SimpMessageHeaderAccessor.getSessionId(headers);
		boolean fromClient = this.inbound.isFromClient();
		if (type == SimpMessageType.MESSAGE && !fromClient) {
			fromApplication(message, SimpMessageHeaderAccessor.getDestination(headers));
			return;
		}
		if (type == SimpMessageType.DISCONNECT && sessionId != null) {
			disconnect(message, sessionId);
			return;
		}
		Connection connection = (sessionId != null) ? this.node.hub().connection(sessionId) : null;
		if (type == null || connection == null) {
			return;
		}
		switch (type) {
			case CONNECT -> connect(message, connection);
			case SUBSCRIBE -> subscribe(message, connection, fromClient);
			case UNSUBSCRIBE -> unsubscribe(message, connection);
			case MESSAGE -> fromClient(message, connection);
			case OTHER -> receipt(connection, FrameHeaders.of(message), Map.of());
			default -> {
				// Heartbeats are noted where they are read.
			}
		}
	}

	/**
	 * Publishes what the application sends, and waits for the receipt, so that the caller
	 * learns of a failure.
	 */
	void publish(Message<?> message, Topic topic) {
		publisher(topic).publishAndWait(publication(message, topic, FrameHeaders.of(message)));
	}

	/** Refuses a client's SEND to a destination that only the application may use. */
	void refuseSend(Message<?> message, String destination) {
		String sessionId = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		Connection connection = (sessionId != null) ? this.node.hub().connection(sessionId) : null;
		if (connection != null) {
			Refusals.refuse(connection, "client-publish",
					"Clients may not SEND to " + destination + "; send to a destination of the application instead",
					FrameHeaders.of(message), destination);
		}
	}

	private void connect(Message<?> message, Connection connection) {
		Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
		String name = (user != null) ? user.getName() : null;
		FrameHeaders frame = FrameHeaders.of(message);
		if (name != null && name.length() > MAX_USER_NAME) {
			refuseConnect(connection, "bad-user", "A user name has at most " + MAX_USER_NAME + " characters");
			return;
		}
		if (!this.users.add(name, connection.id())) {
			refuseConnect(connection, "too-many-connections", "You have "
					+ this.properties.limits().connectionsPerUser() + " connections already, the most allowed");
			return;
		}
		long server = this.properties.heartbeat().toMillis();
		long[] client = SimpMessageHeaderAccessor.getHeartbeat(message.getHeaders());
		connection.introduce(name, frame.is("realtime"), agreed(server, (client != null) ? client[1] : 0),
				agreed(server, (client != null) ? client[0] : 0));
		SimpMessageHeaderAccessor ack = SimpMessageHeaderAccessor.create(SimpMessageType.CONNECT_ACK);
		ack.setSessionId(connection.id());
		ack.setUser(user);
		ack.setHeader(SimpMessageHeaderAccessor.CONNECT_MESSAGE_HEADER, message);
		ack.setHeader(SimpMessageHeaderAccessor.HEART_BEAT_HEADER, new long[] { server, server });
		sendToClient(ack);
	}

	private static void refuseConnect(Connection connection, String reason, String message) {
		connection.send(Frame.of(StompFrames.error(message, null)));
		connection.close(CloseReason.policy(reason));
	}

	private static Duration agreed(long server, long client) {
		return (server > 0 && client > 0) ? Duration.ofMillis(Math.max(server, client)) : Duration.ZERO;
	}

	/** A client's DISCONNECT frame, or Spring's word that the socket is closed. */
	private void disconnect(Message<?> message, String sessionId) {
		Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
		this.users.remove((user != null) ? user.getName() : null, sessionId);
		this.sessionDestinations.remove(sessionId);
		Connection connection = this.node.hub().connection(sessionId);
		if (connection != null) {
			connection.unsubscribeAll();
		}
		SimpMessageHeaderAccessor ack = SimpMessageHeaderAccessor.create(SimpMessageType.DISCONNECT_ACK);
		ack.setSessionId(sessionId);
		ack.setUser(user);
		ack.setHeader(SimpMessageHeaderAccessor.DISCONNECT_MESSAGE_HEADER, message);
		sendToClient(ack);
	}

	private void subscribe(Message<?> message, Connection connection, boolean fromClient) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		FrameHeaders frame = FrameHeaders.of(message);
		String id = frame.get("id");
		if (id == null || id.isEmpty()) {
			Refusals.refuse(connection, "no-id", "SUBSCRIBE needs an id header", frame, destination);
		}
		else if (StompFrames.CONTROL.equals(id)) {
			Refusals.refuse(connection, "reserved-id", "The subscription id \"realtime\" is used by control events",
					frame, destination);
		}
		else if (destination == null) {
			Refusals.refuse(connection, "no-destination", "SUBSCRIBE needs a destination header", frame, null);
		}
		else if (checkDestinationPrefix(destination)) {
			subscribe(destination, id, frame, connection, fromClient);
		}
	}

	private void subscribe(String destination, String id, FrameHeaders frame, Connection connection,
			boolean fromClient) {
		try {
			Topic topic;
			if (fromClient) {
				topic = this.destinations.topic(destination);
				checkPresence(topic);
			}
			else {
				// Spring's user destination handler has resolved /user/queue/x for this
				// session.
				this.sessionDestinations.subscribe(connection.id(), id, destination);
				if (connection.user() == null) {
					receipt(connection, frame, Map.of());
					return;
				}
				topic = this.destinations.personal(connection.user(),
						destination.substring(0, destination.length() - "-user".length() - connection.id().length()));
			}
			connection.subscribe(new SubscribeRequest(id, topic, frame.resume(), frame.rewind(), frame.receipt()));
		}
		catch (SubscribeException ex) {
			Refusals.refuse(connection, ex.reason(), String.valueOf(ex.getMessage()), frame, destination);
		}
		catch (IllegalArgumentException ex) {
			Refusals.refuse(connection, "bad-subscribe", String.valueOf(ex.getMessage()), frame, destination);
		}
	}

	private void checkPresence(Topic topic) {
		Topic base = PresenceTopics.base(topic);
		if (base != null && (base.isReserved() || !this.node.policies().of(base).presence())) {
			throw new SubscribeException("no-presence", "Presence is off for topic \"" + base + '"');
		}
	}

	private void unsubscribe(Message<?> message, Connection connection) {
		FrameHeaders frame = FrameHeaders.of(message);
		String id = frame.get("id");
		if (id == null) {
			Refusals.refuse(connection, "no-id", "UNSUBSCRIBE needs the id header of its SUBSCRIBE", frame, null);
			return;
		}
		this.sessionDestinations.unsubscribe(connection.id(), id);
		connection.unsubscribe(id);
		receipt(connection, frame, Map.of());
	}

	private void fromApplication(Message<?> message, @Nullable String destination) {
		if (destination == null || !checkDestinationPrefix(destination)) {
			return;
		}
		FrameHeaders frame = FrameHeaders.of(message);
		if (frame.get(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION) != null) {
			sendToSession(message, destination);
		}
		else {
			publish(message, this.destinations.topic(destination));
		}
	}

	private void fromClient(Message<?> message, Connection connection) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		FrameHeaders frame = FrameHeaders.of(message);
		if (destination == null) {
			Refusals.refuse(connection, "no-destination", "SEND needs a destination header", frame, null);
			return;
		}
		if (!checkDestinationPrefix(destination)) {
			return;
		}
		try {
			Topic topic = this.destinations.topic(destination);
			if (topic.name().startsWith("_presence.") || !this.node.policies().of(topic).clientPublish()) {
				refuseSend(message, destination);
				return;
			}
			CompletionStage<PublishReceipt> unused = publisher(topic).publish(publication(message, topic, frame))
				.whenComplete((receipt, failure) -> published(connection, frame, destination, topic, receipt, failure));
		}
		catch (IllegalArgumentException ex) {
			Refusals.refuse(connection, "bad-send", String.valueOf(ex.getMessage()), frame, destination);
		}
	}

	private void published(Connection connection, FrameHeaders frame, String destination, Topic topic,
			@Nullable PublishReceipt receipt, @Nullable Throwable failure) {
		if (receipt != null) {
			Position position = receipt.position();
			Map<String, @Nullable Object> headers = new LinkedHashMap<>();
			headers.put("topic", topic);
			headers.put("epoch", position.epoch());
			headers.put("seq", position.seq());
			headers.put("duplicate", receipt.duplicate() ? "true" : null);
			receipt(connection, frame, headers);
		}
		else if (failure != null) {
			PublishException told = PublishException.of(topic, failure);
			Refusals.refuse(connection, told.isOutcomeUnknown() ? "publish-unknown" : "publish-failed",
					told.isOutcomeUnknown() ? "No answer from the message store; send again with the same id"
							: "The message could not be stored; try again later",
					frame, destination);
		}
	}

	private RealtimePublisher publisher(Topic topic) {
		return topic.isReserved() ? this.enginePublisher : this.publisher;
	}

	private Publication publication(Message<?> message, Topic topic, FrameHeaders frame) {
		if (!(message.getPayload() instanceof byte[] payload)) {
			throw new IllegalArgumentException("A broker destination takes byte[] payloads, not "
					+ message.getPayload().getClass().getName() + "; send through SimpMessagingTemplate");
		}
		Object contentType = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
		Content content = Content.of(payload, (contentType instanceof MimeType || contentType instanceof String)
				? contentType.toString() : "application/octet-stream", frame.get("type"), frame.forSubscribers());
		String exclude = frame.is("exclude-self") ? SimpMessageHeaderAccessor.getSessionId(message.getHeaders()) : null;
		return new Publication(topic, content, frame.get("id"), exclude, null);
	}

	private void sendToSession(Message<?> message, String destination) {
		String sessionId = destination.substring(destination.lastIndexOf("-user") + "-user".length());
		for (String subscriptionId : this.sessionDestinations.find(sessionId, destination)) {
			SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
			headers.setSessionId(sessionId);
			headers.setSubscriptionId(subscriptionId);
			headers.copyHeadersIfAbsent(message.getHeaders());
			headers.setLeaveMutable(true);
			getClientOutboundChannelForSession(sessionId)
				.send(MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders()));
		}
	}

	private void sendToClient(SimpMessageHeaderAccessor headers) {
		getClientOutboundChannel().send(MessageBuilder.createMessage(NO_PAYLOAD, headers.getMessageHeaders()));
	}

	private static void receipt(Connection connection, FrameHeaders frame, Map<String, @Nullable Object> headers) {
		String receipt = frame.receipt();
		if (receipt != null) {
			connection.send(Frame.of(StompFrames.receipt(receipt, headers)));
		}
	}

}
