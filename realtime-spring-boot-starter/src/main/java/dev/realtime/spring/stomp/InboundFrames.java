package dev.realtime.spring.stomp;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.hub.Hub;
import dev.realtime.spring.LimitsProperties;
import dev.realtime.spring.RefusedException;
import dev.realtime.stomp.StompFrame;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.util.function.SingletonSupplier;

/**
 * Stands on the inbound channel: checks the limits of frames, keeps from the handlers
 * what is not admitted, lets our handlers know that what they handle came from a client,
 * and answers the receipts of frames that application code handled.
 */
final class InboundFrames implements ExecutorChannelInterceptor {

	private static final Set<SimpMessageType> FROM_APPLICATION_CODE = Set.of(SimpMessageType.MESSAGE,
			SimpMessageType.SUBSCRIBE);

	private final LimitsProperties limits;

	private final Hub hub;

	private final Admission admission;

	private final Supplier<@Nullable RealtimeBrokerMessageHandler> broker;

	private final Supplier<SendObserver> observer;

	private final ThreadLocal<Boolean> handling = ThreadLocal.withInitial(() -> false);

	/** What the calling thread handles, where SENDs are observed. */
	private final ThreadLocal<@Nullable Handled> handled = ThreadLocal.withInitial(() -> null);

	InboundFrames(LimitsProperties limits, Hub hub, SubscriptionEvents events,
			Supplier<@Nullable RealtimeBrokerMessageHandler> broker, Supplier<SendObserver> observer) {
		this.observer = observer;
		this.limits = limits;
		this.hub = hub;
		this.broker = SingletonSupplier.ofNullable(broker);
		this.admission = new Admission(hub, limits.subscriptionsPerConnection(), events, this.broker);
	}

	Admission admission() {
		return this.admission;
	}

	/** What observes SENDs; taken when it is first needed. */
	Supplier<SendObserver> observer() {
		return this.observer;
	}

	/** Whether the calling thread hands a client's frame to one of our handlers. */
	boolean isFromClient() {
		return this.handling.get();
	}

	/** What the calling thread sends on now comes from the application. */
	void handedOn() {
		this.handling.set(false);
	}

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		boolean connect = SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.CONNECT;
		if (connect && FrameMessages.isIntroduction(message)) {
			return message;
		}
		FrameHeaders.of(message).check(this.limits, connect || Renewals.isRenewal(message));
		if (connect) {
			// Spring keeps it apart from the other headers.
			FrameHeaders.checkPasscode(StompHeaderAccessor.getPasscode(message.getHeaders()), this.limits);
		}
		if (!connect && message.getPayload() instanceof byte[] payload) {
			check(payload.length);
		}
		return message;
	}

	/**
	 * Checks a frame that becomes no message.
	 * @throws RefusedException when it breaks a limit
	 */
	void check(StompFrame frame, FrameHeaders headers) {
		headers.check(this.limits, frame.command().opens());
		if (!frame.command().opens()) {
			check(frame.bodySize());
		}
	}

	/**
	 * Where room was made for the credentials of CONNECT, other frames must not take it.
	 */
	private void check(int size) {
		long most = this.limits.maxFrameSize().toBytes();
		if (size > most && this.limits.largestFrame() > most) {
			throw new RefusedException("too-large", "A frame has at most " + most + " bytes");
		}
	}

	/** Whether the message is a client's DISCONNECT. */
	static boolean isGoodbye(Message<?> message) {
		return SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.DISCONNECT
				&& FrameMessages.isFrame(message);
	}

	@Override
	public @Nullable Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
		if (FrameMessages.isIntroduction(message) || !isAdmitted(message, handler)) {
			return null;
		}
		this.handling.set(handler instanceof FromClients);
		observe(message, handler);
		return message;
	}

	private boolean isAdmitted(Message<?> message, MessageHandler handler) {
		ObservedFrame observed = ObservedFrame.of(message);
		if (observed == null) {
			return this.admission.admits(message, handler);
		}
		Runnable close = observed.open();
		try {
			return this.admission.admits(message, handler);
		}
		finally {
			close.run();
		}
	}

	/** SENDs to topics are observed where they are published. */
	private void observe(Message<?> message, MessageHandler handler) {
		SendObserver known = this.observer.get();
		if (known == SendObserver.NONE) {
			return;
		}
		RealtimeBrokerMessageHandler ours = this.broker.get();
		ObservedFrame frame = ObservedFrame.of(message);
		SendObserver.Handling handling = null;
		boolean sends = SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE;
		if (frame != null && !sends) {
			Runnable close = frame.open();
			handling = (failure) -> close.run();
		}
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		if (ours != null && destination != null && sends
				&& ours.inboundDestinations().isForMethod(handler, SimpMessageType.MESSAGE, destination)) {
			handling = known.begin(FrameHeaders.of(message)::get, destination);
		}
		this.handled.set(new Handled(handling, this.handled.get()));
	}

	@Override
	public void afterMessageHandled(Message<?> message, MessageChannel channel, MessageHandler handler,
			@Nullable Exception ex) {
		this.handling.set(false);
		Handled ended = this.handled.get();
		if (ended != null) {
			this.handled.set(ended.outer());
			if (ended.observed() != null) {
				ended.observed().end(ex);
			}
		}
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(message.getHeaders());
		if (type == null || !FROM_APPLICATION_CODE.contains(type)) {
			return;
		}
		if (ex != null && handler instanceof FromClients) {
			failed(message, type, ex);
		}
		else if (ex == null && FrameHeaders.of(message).receipt() != null
				&& isHandledByApplication(message, type, handler)) {
			answer(message);
		}
		subscribed(message, handler);
	}

	/**
	 * Ends the observation of a SUBSCRIBE that an interceptor has dropped: it gets no
	 * answer.
	 */
	@Override
	public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent, @Nullable Exception ex) {
		ObservedFrame observed = (sent || ex != null) ? null : ObservedFrame.of(message);
		if (observed != null && !observed.opens()) {
			observed.end(FrameObserver.Outcome.ENDED, null);
		}
	}

	/** A SUBSCRIBE that is not to a topic ends when all handlers have had it. */
	private void subscribed(Message<?> message, MessageHandler handler) {
		ObservedFrame observed = ObservedFrame.of(message);
		if (observed == null) {
			return;
		}
		RealtimeBrokerMessageHandler known = this.broker.get();
		if (known == null) {
			// another broker answers, and does not report when
			observed.end(FrameObserver.Outcome.OK, null);
			return;
		}
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		if (destination != null && known.inboundDestinations().isLast(handler)
				&& !known.subscribes().isTopic(destination)) {
			observed.end(FrameObserver.Outcome.OK, null);
		}
	}

	/** Whether application code has handled the message, and no other handler answers. */
	private boolean isHandledByApplication(Message<?> message, SimpMessageType type, MessageHandler handler) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		RealtimeBrokerMessageHandler known = this.broker.get();
		if (destination == null || known == null || known.handsOn(destination)) {
			return false;
		}
		KnownDestinations destinations = known.inboundDestinations();
		return (destinations.isForMethod(handler, type, destination) && !known.publishes(type, destination))
				|| (destinations.isLast(handler) && destinations.isForOtherHandler(type, destination));
	}

	private void failed(Message<?> message, SimpMessageType type, Exception failure) {
		Connection connection = connection(message);
		FrameHeaders frame = FrameHeaders.of(message);
		String id = frame.subscriptionId();
		if (type == SimpMessageType.SUBSCRIBE && id != null) {
			this.admission.withdraw(message, id);
		}
		if (connection != null) {
			Refusals.answer(connection, failure, frame, SimpMessageHeaderAccessor.getDestination(message.getHeaders()));
		}
	}

	private @Nullable Connection connection(Message<?> message) {
		String sessionId = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		return (sessionId != null) ? this.hub.connection(sessionId) : null;
	}

	private void answer(Message<?> message) {
		String receipt = FrameHeaders.of(message).receipt();
		Connection connection = connection(message);
		if (receipt != null && connection != null) {
			connection.send(Frame.of(StompFrames.receipt(receipt, Map.of())));
		}
	}

	/**
	 * A message that a handler handles.
	 *
	 * @param observed ends its observation, if it has one
	 * @param outer what the thread handles meanwhile, if that has sent the message
	 */
	private record Handled(SendObserver.@Nullable Handling observed, @Nullable Handled outer) {
	}

	/** Our handlers, which must know whether a client or the application speaks. */
	interface FromClients {

	}

}
