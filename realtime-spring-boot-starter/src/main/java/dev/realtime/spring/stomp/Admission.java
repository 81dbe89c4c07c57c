package dev.realtime.spring.stomp;

import java.util.function.Supplier;

import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.spring.RefusedException;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.util.function.SingletonSupplier;

/**
 * Decides about a client's SUBSCRIBE and SEND before any handler of the inbound channel
 * sees it. What is refused is answered and leaves no trace: no handler is called, no
 * event is published, and a subscription that has the id goes on.
 * <p>
 * Called for each handler of a frame, in the order of the session's frames.
 */
final class Admission {

	private final Hub hub;

	private final int maxSubscriptions;

	private final SubscriptionEvents events;

	private final Supplier<@Nullable RealtimeBrokerMessageHandler> broker;

	/**
	 * Makes an admission.
	 * @param broker asked at the first frame; gives null where the application does not
	 * use our broker, and then every frame goes on
	 */
	Admission(Hub hub, int maxSubscriptions, SubscriptionEvents events,
			Supplier<@Nullable RealtimeBrokerMessageHandler> broker) {
		this.hub = hub;
		this.maxSubscriptions = maxSubscriptions;
		this.events = events;
		this.broker = SingletonSupplier.ofNullable(broker);
	}

	/** Whether the handler may have the message. */
	boolean admits(Message<?> message, MessageHandler handler) {
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(message.getHeaders());
		RealtimeBrokerMessageHandler known = this.broker.get();
		if (known == null || (type != SimpMessageType.MESSAGE && type != SimpMessageType.SUBSCRIBE
				&& type != SimpMessageType.UNSUBSCRIBE)) {
			return true;
		}
		String session = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		Connection connection = (session != null) ? this.hub.connection(session) : null;
		SubscriptionIds ids = (connection != null) ? SubscriptionIds.of(message) : null;
		if (connection == null || ids == null) {
			return true;
		}
		if (!connection.isIntroduced()) {
			// It came along with a CONNECT that was refused: the connection is closing.
			return false;
		}
		if (known.inboundDestinations().isFirst(handler)) {
			ids.admitted = decide(type, message, connection, ids, known);
		}
		return ids.admitted && isFor(handler, type, message, known);
	}

	/** What is handed on to another process is not handled in this one, too. */
	private static boolean isFor(MessageHandler handler, SimpMessageType type, Message<?> message,
			RealtimeBrokerMessageHandler known) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		return type != SimpMessageType.MESSAGE || destination == null || handler == known
				|| !known.handsOn(destination);
	}

	/** Takes back what was admitted: the subscription could not begin. */
	void withdraw(Message<?> message, String id) {
		SubscriptionIds ids = SubscriptionIds.of(message);
		if (ids != null && ids.remove(id)) {
			this.events.unsubscribed(ids, message, id);
		}
	}

	private boolean decide(SimpMessageType type, Message<?> message, Connection connection, SubscriptionIds ids,
			RealtimeBrokerMessageHandler known) {
		FrameHeaders frame = FrameHeaders.of(message);
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		try {
			return switch (type) {
				case SUBSCRIBE -> {
					String unused = check(frame, destination, Sender.of(message, connection), ids, known);
					yield this.events.subscribed(ids, message);
				}
				case UNSUBSCRIBE -> unsubscribe(message, frame.get("id"), ids);
				default -> (destination != null && known.handsOn(destination))
						|| send(destination, known.inboundDestinations());
			};
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			Refusals.answer(connection, ex, frame, destination);
			return false;
		}
	}

	/**
	 * Checks a SUBSCRIBE, and notes its id.
	 * @return the id
	 * @throws RefusedException when it is not admitted
	 */
	String check(FrameHeaders frame, @Nullable String destination, Sender sender, SubscriptionIds ids,
			RealtimeBrokerMessageHandler known) {
		ObservedFrame observed = frame.observed();
		if (observed != null) {
			observed.admitted();
		}
		String id = frame.get("id");
		if (id == null || id.isEmpty()) {
			throw new RefusedException("no-id", "SUBSCRIBE needs an id header");
		}
		if (StompFrames.CONTROL.equals(id)) {
			throw new RefusedException("reserved-id", "The subscription id \"realtime\" is used by control events");
		}
		if (destination == null) {
			throw new RefusedException("no-destination", "SUBSCRIBE needs a destination header");
		}
		if (known.handsOn(destination)) {
			throw new RefusedException(KnownDestinations.UNKNOWN,
					"A gateway forwards messages to the application, but no subscriptions");
		}
		boolean topic = known.subscribes().check(destination, frame, sender.user(), sender.connection());
		if (!topic && !UnreadFrames.UNREAD.equals(destination)
				&& !known.inboundDestinations().isForApplication(SimpMessageType.SUBSCRIBE, destination)) {
			throw known.inboundDestinations().unknown(destination);
		}
		ids.add(id, destination, !topic, this.maxSubscriptions);
		return id;
	}

	private boolean unsubscribe(Message<?> message, @Nullable String id, SubscriptionIds ids) {
		if (id != null && ids.remove(id)) {
			this.events.unsubscribed(ids, message, id);
		}
		return true;
	}

	/** A SEND without a destination is refused by the broker. */
	private static boolean send(@Nullable String destination, KnownDestinations known) {
		if (destination == null || known.topics().match(destination) || destination.equals(UnreadFrames.READ)
				|| destination.equals(TypingFrames.TYPING) || destination.startsWith(known.userPrefix())
				|| known.isForApplication(SimpMessageType.MESSAGE, destination)) {
			return true;
		}
		throw known.unknown(destination);
	}

}
