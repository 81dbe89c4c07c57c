package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Collection;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Frame;
import dev.realtime.hub.SubscribeException;
import dev.realtime.hub.SubscribeRequest;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.PresenceTopics;
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

	private final Publications publications;

	private final ClientSends clientSends;

	private final Destinations destinations;

	private final InboundFrames inbound;

	private final RealtimeProperties properties;

	/** What the server sends, and what it expects of clients. */
	private volatile Heartbeat heartbeat;

	private final SessionDestinations sessionDestinations = new SessionDestinations();

	private final UserConnections users;

	private final UnreadFrames unread;

	private final TypingFrames typing;

	RealtimeBrokerMessageHandler(SubscribableChannel inboundChannel, MessageChannel outboundChannel,
			SubscribableChannel brokerChannel, Collection<String> prefixes, RealtimeNode node,
			Publications publications, Destinations destinations, InboundFrames inbound, RealtimeProperties properties,
			UnreadFrames unread, TypingFrames typing) {
		super(inboundChannel, outboundChannel, brokerChannel, prefixes);
		this.node = node;
		this.publications = publications;
		this.clientSends = new ClientSends(node, publications, destinations);
		this.destinations = destinations;
		this.inbound = inbound;
		this.properties = properties;
		this.unread = unread;
		this.typing = typing;
		this.heartbeat = new Heartbeat(properties.heartbeat().toMillis(), properties.heartbeat().toMillis());
		this.users = new UserConnections(properties.limits().connectionsPerUser());
	}

	/** Keeps what the application configured for the simple broker. */
	void setHeartbeat(long sendMillis, long expectMillis) {
		this.heartbeat = new Heartbeat(sendMillis, expectMillis);
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
			case MESSAGE -> clientSend(message, connection);
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
		this.publications.publishAndWait(message, topic);
	}

	/** Refuses a client's SEND to a destination that only the application may use. */
	void refuseSend(Message<?> message, String destination) {
		this.clientSends.refuse(message, destination);
	}

	private void connect(Message<?> message, Connection connection) {
		Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
		String name = (user != null) ? user.getName() : null;
		FrameHeaders frame = FrameHeaders.of(message);
		if (name != null && name.length() > MAX_USER_NAME) {
			Refusals.refuseConnect(connection, CloseReason.policy("bad-user"),
					"A user name has at most " + MAX_USER_NAME + " characters");
			return;
		}
		if (!this.users.add(name, connection.id())) {
			Refusals.refuseConnect(connection, CloseReason.policy("too-many-connections"), "You have "
					+ this.properties.limits().connectionsPerUser() + " connections already, the most allowed");
			return;
		}
		Heartbeat server = this.heartbeat;
		long[] client = SimpMessageHeaderAccessor.getHeartbeat(message.getHeaders());
		connection.introduce(name, frame.is("realtime"),
				Heartbeat.agreed(server.sendMillis(), (client != null) ? client[1] : 0),
				Heartbeat.agreed(server.expectMillis(), (client != null) ? client[0] : 0));
		SimpMessageHeaderAccessor ack = SimpMessageHeaderAccessor.create(SimpMessageType.CONNECT_ACK);
		ack.setSessionId(connection.id());
		ack.setUser(user);
		ack.setHeader(SimpMessageHeaderAccessor.CONNECT_MESSAGE_HEADER, message);
		ack.setHeader(SimpMessageHeaderAccessor.HEART_BEAT_HEADER,
				new long[] { server.sendMillis(), server.expectMillis() });
		sendToClient(ack);
	}

	/** A client's DISCONNECT frame, or Spring's word that the socket is closed. */
	private void disconnect(Message<?> message, String sessionId) {
		Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
		this.users.remove((user != null) ? user.getName() : null, sessionId);
		this.sessionDestinations.remove(sessionId);
		this.unread.disconnected(sessionId);
		this.typing.disconnected(sessionId);
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
		else if (fromClient && UnreadFrames.UNREAD.equals(destination)) {
			this.unread.subscribe(message, connection, id);
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
		this.unread.unsubscribe(connection.id(), id);
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

	private void clientSend(Message<?> message, Connection connection) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		if (destination == null) {
			Refusals.refuse(connection, "no-destination", "SEND needs a destination header", FrameHeaders.of(message),
					null);
		}
		else if (UnreadFrames.READ.equals(destination)) {
			this.unread.read(message, connection);
		}
		else if (TypingFrames.TYPING.equals(destination)) {
			this.typing.handle(message, connection);
		}
		else if (checkDestinationPrefix(destination)) {
			this.clientSends.handle(message, connection, destination);
		}
	}

	private void sendToSession(Message<?> message, String destination) {
		String sessionId = destination.substring(destination.lastIndexOf("-user") + "-user".length());
		this.sessionDestinations.copies(message, sessionId, destination)
			.forEach((copy) -> getClientOutboundChannelForSession(sessionId).send(copy));
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
