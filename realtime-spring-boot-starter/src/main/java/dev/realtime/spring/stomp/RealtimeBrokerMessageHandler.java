package dev.realtime.spring.stomp;

import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.loop.Loop;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.ClientAddress;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.gateway.Gateway;
import dev.realtime.spring.gateway.GatewayUsers;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.sessions.SessionDoor;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.support.AbstractSubscribableChannel;

/**
 * The broker that Spring's STOMP support talks to. What the application or a client sends
 * to a broker destination is published, so it is numbered, stored and relayed; what a
 * client subscribes to becomes a subscriber of the hub.
 * <p>
 * Called by the threads of the inbound channel, one frame of a session after the other,
 * and by whichever thread the application publishes on.
 */
class RealtimeBrokerMessageHandler extends AbstractBrokerMessageHandler implements InboundFrames.FromClients {

	private final RealtimeNode node;

	private final Publications publications;

	private final ClientSends clientSends;

	private final Destinations destinations;

	private final InboundFrames inbound;

	private final SessionDestinations sessionDestinations = new SessionDestinations();

	private final ClientSubscribes subscribes;

	private final KnownDestinations inboundDestinations;

	private final KnownDestinations brokerDestinations;

	private final Admission admission;

	private final SessionAcks acks;

	private final SessionDisconnects goodbyes;

	private final UnreadFrames unread;

	private final TypingFrames typing;

	private final ClientConnects connects;

	/** Null where this is no gateway. */
	private @Nullable GatewaySends gateway;

	RealtimeBrokerMessageHandler(AbstractSubscribableChannel inboundChannel, MessageChannel outboundChannel,
			AbstractSubscribableChannel brokerChannel, Collection<String> prefixes, RealtimeNode node,
			Publications publications, Destinations destinations, InboundFrames inbound, RealtimeProperties properties,
			UnreadFrames unread, TypingFrames typing, PatternSubscribes patterns, Supplier<TopicAuthorization> access,
			SessionDoor door, Rates rates, UserConnections users, TokenSubscriptions tokens) {
		super(inboundChannel, outboundChannel, brokerChannel, prefixes);
		this.node = node;
		this.publications = publications;
		this.acks = new SessionAcks(outboundChannel);
		this.goodbyes = new SessionDisconnects(outboundChannel);
		this.clientSends = new ClientSends(node, publications, destinations, this.goodbyes, access, rates,
				properties.publish().maxPayload().toBytes(),
				new PublishShares(properties.publish().maxInFlightPerConnection(),
						properties.publish().maxInFlightPerUser(), new ClientAddress(properties.limits())),
				inbound.observer());
		BrokerPrefixes topics = new BrokerPrefixes(prefixes, destinations);
		this.subscribes = new ClientSubscribes(node, destinations, topics, this.sessionDestinations, patterns, access,
				rates, tokens);
		this.inboundDestinations = new KnownDestinations(inboundChannel, topics, destinations);
		this.brokerDestinations = new KnownDestinations(brokerChannel, topics, destinations);
		this.admission = inbound.admission();
		this.destinations = destinations;
		this.inbound = inbound;
		this.unread = unread;
		this.typing = typing;
		this.connects = new ClientConnects(access, door, rates, users,
				new ConnectionAge(properties.limits().connectionAge()),
				new Heartbeat(properties.heartbeat().min().toMillis(), properties.heartbeat().min().toMillis()));
		RevokedSubscriptions revoked = new RevokedSubscriptions(this.admission, this.sessionDestinations, unread,
				tokens, destinations);
		tokens.endWith(revoked);
		door.endWith(revoked);
	}

	/** Hands clients' SENDs on from now on, but for the engine's own. */
	void handOn(Gateway gateway, GatewayUsers users, MessageChannel broker, Loop deliveries) {
		this.gateway = new GatewaySends(gateway, users, this.goodbyes, broker, deliveries);
	}

	/** Whether a client's SEND to the destination is handed on to another process. */
	boolean handsOn(String destination) {
		GatewaySends sends = this.gateway;
		return sends != null && sends.takes(destination) && !checkDestinationPrefix(destination)
				&& !destination.startsWith(this.destinations.userPrefix()) && !destination.startsWith("/realtime/");
	}

	/** Keeps what the application configured for the simple broker. */
	void setHeartbeat(long sendMillis, long expectMillis) {
		this.connects.setHeartbeat(new Heartbeat(sendMillis, expectMillis));
	}

	/** As {@link dev.realtime.spring.NodePart}. */
	public boolean isPauseable() {
		return false;
	}

	@Override
	protected void startInternal() {
		this.inboundDestinations.topics().check();
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
		Connection connection = (sessionId != null) ? this.node.hub().connection(sessionId) : null;
		if (type == SimpMessageType.DISCONNECT && sessionId != null) {
			if (!FrameMessages.isFrame(message)) {
				this.acks.disconnected(message, sessionId);
			}
			else if (fromClient) {
				goodbye(message);
			}
			else {
				// An interceptor has stopped it, so Spring calls ahead of the frames
				// before it.
				InSessionOrder.run(getClientInboundChannel(), message, () -> goodbye(message));
			}
			return;
		}
		if (type == null || connection == null) {
			return;
		}
		try {
			handle(type, message, connection, fromClient);
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			failed(message, connection, ex);
		}
	}

	/** The frame is answered, and nothing of it is left. */
	private void failed(Message<?> message, Connection connection, Throwable failure) {
		FrameHeaders frame = FrameHeaders.of(message);
		String id = frame.subscriptionId();
		if (id != null && SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.SUBSCRIBE) {
			this.admission.withdraw(message, id);
		}
		Refusals.answer(connection, failure, frame, SimpMessageHeaderAccessor.getDestination(message.getHeaders()));
	}

	private void handle(SimpMessageType type, Message<?> message, Connection connection, boolean fromClient) {
		switch (type) {
			case CONNECT -> connect(message, connection);
			case SUBSCRIBE -> subscribe(message, connection, fromClient);
			case UNSUBSCRIBE -> unsubscribe(connection, FrameHeaders.of(message));
			case MESSAGE -> clientSend(message, connection);
			case OTHER -> receipt(connection, FrameHeaders.of(message), Map.of());
			default -> {
				// Heartbeats are noted where they are read.
			}
		}
	}

	/** Whether a client's SEND is published here, and answered when it is stored. */
	boolean publishes(SimpMessageType type, String destination) {
		return type == SimpMessageType.MESSAGE && checkDestinationPrefix(destination)
				&& this.clientSends.mayPublish(destination);
	}

	/** What takes clients' frames. */
	KnownDestinations inboundDestinations() {
		return this.inboundDestinations;
	}

	/** What takes the application's messages. */
	KnownDestinations brokerDestinations() {
		return this.brokerDestinations;
	}

	ClientConnects connects() {
		return this.connects;
	}

	ClientSubscribes subscribes() {
		return this.subscribes;
	}

	ClientSends sends() {
		return this.clientSends;
	}

	@Override
	protected boolean checkDestinationPrefix(@Nullable String destination) {
		return destination != null && this.brokerDestinations.topics().match(destination);
	}

	/**
	 * Publishes what the application sends, and waits for the receipt, so that the caller
	 * learns of a failure.
	 */
	void publish(Message<?> message, Topic topic) {
		this.publications.publishAndWait(message, topic);
	}

	/** Does the same, and calls back when the message is stored for good. */
	void publish(Message<?> message, Topic topic, Consumer<TopicMessage> stored) {
		this.publications.publishAndWait(message, topic, stored);
	}

	/** Refuses a client's SEND to a destination that only the application may use. */
	void refuseSend(Message<?> message, String destination) {
		this.clientSends.refuse(message, destination);
	}

	private void connect(Message<?> message, Connection connection) {
		Heartbeat server = this.connects.letIn(Sender.of(message, connection), FrameHeaders.of(message),
				SimpMessageHeaderAccessor.getHeartbeat(message.getHeaders()));
		if (server != null) {
			this.acks.connected(message, connection.id(), server);
		}
	}

	/** Handles a client's DISCONNECT, behind the frames that it sent before. */
	private void goodbye(Message<?> message) {
		String sessionId = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		Connection connection = (sessionId != null) ? this.node.hub().connection(sessionId) : null;
		if (connection != null) {
			this.goodbyes.handle(message, connection);
		}
	}

	/** What cannot be subscribed to has been refused before; see {@link Admission}. */
	private void subscribe(Message<?> message, Connection connection, boolean fromClient) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		FrameHeaders frame = FrameHeaders.of(message);
		String id = frame.get("id");
		if (id == null || destination == null) {
			return;
		}
		if (!fromClient) {
			this.subscribes.subscribePersonally(destination, id, frame, connection);
		}
		else if (UnreadFrames.UNREAD.equals(destination)) {
			this.unread.subscribe(message, connection, id);
		}
		else if (checkDestinationPrefix(destination)) {
			this.subscribes.subscribe(Sender.of(message, connection), destination, id, frame);
		}
	}

	/** Ends a subscription of the client's, whatever it is to. */
	void unsubscribe(Connection connection, FrameHeaders frame) {
		String id = frame.get("id");
		if (id == null) {
			Refusals.refuse(connection, "no-id", "UNSUBSCRIBE needs the id header of its SUBSCRIBE", frame, null);
			return;
		}
		this.subscribes.release(connection, id);
		ObservedFrames.ended(connection, id);
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
			this.unread.read(message, connection, this.goodbyes);
		}
		else if (TypingFrames.TYPING.equals(destination)) {
			this.typing.handle(message, connection);
		}
		else if (this.gateway != null && handsOn(destination)) {
			this.gateway.handle(Sent.of(message, connection), ForwardedFrames.nativeHeaders(message), destination);
		}
		else if (checkDestinationPrefix(destination)) {
			boolean called = this.inboundDestinations.isForMethod(SimpMessageType.MESSAGE, destination);
			this.clientSends.handle(Sent.of(message, connection), destination, called);
		}
	}

	private void sendToSession(Message<?> message, String destination) {
		String sessionId = destination.substring(destination.lastIndexOf("-user") + "-user".length());
		this.sessionDestinations.copies(message, sessionId, destination)
			.forEach((copy) -> getClientOutboundChannelForSession(sessionId).send(copy));
	}

	private static void receipt(Connection connection, FrameHeaders frame, Map<String, @Nullable Object> headers) {
		String receipt = frame.receipt();
		if (receipt != null) {
			connection.send(Frame.of(StompFrames.receipt(receipt, headers)));
		}
	}

}
