package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.spring.json.MediaTypes;
import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.stomp.MalformedFrameException;
import dev.realtime.stomp.StompFrame;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.simp.SimpAttributes;
import org.springframework.messaging.simp.SimpAttributesContextHolder;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.util.function.SingletonSupplier;

/**
 * Handles clients' frames without a Spring message, where nothing but this starter would
 * look at it: CONNECT, and in sessions that have connected so, SUBSCRIBEs and SENDs to
 * topics, and UNSUBSCRIBEs. Everything that decides about such frames decides here, too;
 * only the message, the channels and Spring's events are left out. All other frames go
 * the full way, on which nothing is different.
 * <p>
 * Called on the thread that handles a connection's frames, one after the other.
 */
final class ShortPath {

	/** Destinations of the engine's own, which are not all topics. */
	private static final String ENGINE_PREFIX = "/realtime/";

	private final FrameObservers observers;

	private final SingletonSupplier<Parts> parts;

	/**
	 * Makes the path.
	 * @param parts looked up at the first frame: they need the channel that needs this
	 */
	ShortPath(FrameObservers observers, Supplier<Parts> parts) {
		this.observers = observers;
		this.parts = SingletonSupplier.of(parts);
	}

	/**
	 * Handles the frame; false when it must go the full way, and nothing has happened.
	 */
	boolean takes(StompFrame frame, RealtimeSession session) {
		UserRegistryFeed users = (frame.command().opens() || session.isDirect()) ? this.observers.unobserved() : null;
		if (users == null) {
			return false;
		}
		Parts parts = this.parts.obtain();
		if (!parts.isNext(session) || !isReadable(frame)) {
			return false;
		}
		String destination = frame.header("destination");
		switch (frame.command()) {
			case CONNECT, STOMP -> within(session, frame, () -> connect(parts, frame, session, users));
			case SUBSCRIBE -> {
				if (destination == null || !isTopic(SimpMessageType.SUBSCRIBE, destination, parts)) {
					return false;
				}
				within(session, frame, () -> subscribe(parts, frame, destination, session, users));
			}
			case SEND -> {
				// A SEND waits until live delivery of what was subscribed to has begun.
				if (destination == null || session.connection().isOpening()
						|| !isTopic(SimpMessageType.MESSAGE, destination, parts)) {
					return false;
				}
				within(session, frame, () -> send(parts, frame, destination, session));
			}
			case UNSUBSCRIBE -> within(session, frame, () -> unsubscribe(parts, frame, session, users));
			default -> {
				return false;
			}
		}
		return true;
	}

	/** Spring refuses frames whose content type is none. */
	private static boolean isReadable(StompFrame frame) {
		String type = frame.header("content-type");
		return type == null || MediaTypes.parse(type) != null;
	}

	/** Whether a topic takes the frame, and no method of the application. */
	private static boolean isTopic(SimpMessageType type, String destination, Parts parts) {
		KnownDestinations known = parts.broker().inboundDestinations();
		return known.topics().match(destination) && !destination.startsWith(ENGINE_PREFIX)
				&& !known.isForApplication(type, destination);
	}

	/** Beans of the scope "websocket" are the session's meanwhile, as on the full way. */
	private static void within(RealtimeSession session, StompFrame frame, Runnable handling) {
		SimpAttributesContextHolder.setAttributes(new SimpAttributes(session.getId(), session.getAttributes()));
		try {
			handling.run();
		}
		catch (MalformedFrameException ex) {
			throw ex;
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			Refusals.answer(session.connection(), ex, FrameHeaders.of(frame, session.protocol().handled()),
					frame.header("destination"));
		}
		finally {
			SimpAttributesContextHolder.resetAttributes();
		}
	}

	private static void connect(Parts parts, StompFrame frame, RealtimeSession session, UserRegistryFeed users) {
		Map<String, List<String>> agreed = ConnectHeaders.of(frame);
		FrameHeaders headers = FrameHeaders.of(frame);
		parts.frames().check(frame, headers);
		Connection connection = session.connection();
		ConnectRequest request = Credentials.request(agreed, frame.header("passcode"), session.getId(),
				session.getPrincipal(), session.getAttributes());
		@Nullable Principal[] user = { request.handshakeUser() };
		if (!parts.credentials().isLetIn(request, session.getAttributes(), connection, (known) -> user[0] = known)) {
			return;
		}
		if (user[0] == null && parts.userRequired() != null) {
			parts.userRequired().refuse(connection);
			return;
		}
		Sender sender = new Sender(connection, user[0], session.getAttributes());
		Heartbeat server = parts.broker().connects().letIn(sender, headers, ConnectHeaders.heartbeat(agreed));
		if (server == null) {
			return;
		}
		session.connectedDirectly(sender.user());
		users.connected(sender);
		session.protocol().connectedDirectly();
		connection.sendConnected(Frame.of(StompFrames.connected(ConnectHeaders.version(agreed), server.sendMillis(),
				server.expectMillis(), (sender.user() != null) ? sender.user().getName() : null)));
	}

	private static void subscribe(Parts parts, StompFrame frame, String destination, RealtimeSession session,
			UserRegistryFeed users) {
		FrameHeaders headers = FrameHeaders.of(frame, session.protocol().handled());
		parts.frames().check(frame, headers);
		Sender sender = sender(session);
		SubscriptionIds ids = SubscriptionIds.of(session.getAttributes());
		if (!session.connection().isIntroduced()) {
			return;
		}
		String id = parts.frames().admission().check(headers, destination, sender, ids, parts.broker());
		if (!ids.unlessEnded(SubscriptionEvents.PATIENCE, () -> users.subscribed(sender, id, destination))) {
			return;
		}
		try {
			parts.broker().subscribes().subscribe(sender, destination, id, headers);
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			end(id, ids, sender, users);
			throw ex;
		}
	}

	private static void unsubscribe(Parts parts, StompFrame frame, RealtimeSession session, UserRegistryFeed users) {
		FrameHeaders headers = FrameHeaders.of(frame);
		parts.frames().check(frame, headers);
		Sender sender = sender(session);
		if (!session.connection().isIntroduced()) {
			return;
		}
		String id = headers.get("id");
		SubscriptionIds ids = SubscriptionIds.of(session.getAttributes());
		if (id != null) {
			end(id, ids, sender, users);
		}
		parts.broker().unsubscribe(session.connection(), headers);
	}

	private static void end(String id, SubscriptionIds ids, Sender sender, UserRegistryFeed users) {
		if (ids.remove(id)) {
			boolean unused = ids.unlessEnded(SubscriptionEvents.PATIENCE, () -> users.unsubscribed(sender, id));
		}
	}

	private static void send(Parts parts, StompFrame frame, String destination, RealtimeSession session) {
		FrameHeaders headers = FrameHeaders.of(frame);
		parts.frames().check(frame, headers);
		if (session.connection().isIntroduced()) {
			parts.broker().sends().handle(Sent.of(frame, headers, sender(session)), destination, false);
		}
	}

	private static Sender sender(RealtimeSession session) {
		Map<String, Object> attributes = session.getAttributes();
		return new Sender(session.connection(), RenewedUser.of(attributes, session.getPrincipal()), attributes);
	}

	/**
	 * What handles frames on the full way.
	 *
	 * @param userRequired refuses anonymous clients; null where they may connect
	 */
	record Parts(RealtimeBrokerMessageHandler broker, InboundFrames frames, ConnectCredentials credentials,
			@Nullable UserRequired userRequired, @Nullable Executor executor) {

		/** Takes them from the channel that has them. */
		static Parts of(ExecutorSubscribableChannel inbound, RealtimeBrokerMessageHandler broker) {
			return new Parts(broker, Objects.requireNonNull(find(inbound, InboundFrames.class)),
					Objects.requireNonNull(find(inbound, ConnectCredentials.class)), find(inbound, UserRequired.class),
					inbound.getExecutor());
		}

		private static <T> @Nullable T find(ExecutorSubscribableChannel channel, Class<T> type) {
			return channel.getInterceptors().stream().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
		}

		/** Whether the calling thread may handle the session's next frame. */
		boolean isNext(RealtimeSession session) {
			return this.executor instanceof SessionOrderedExecutor ordered && ordered.isNext(session.getId());
		}

	}

}
