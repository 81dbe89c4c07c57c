package dev.realtime.spring.stomp;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.realtime.hub.Connection;
import dev.realtime.hub.Frame;
import dev.realtime.hub.Hub;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.support.ExecutorChannelInterceptor;

/**
 * Stands on the inbound channel: checks the limits of headers, lets our handlers know
 * that what they handle came from a client, and answers the receipts of frames that
 * application code handled.
 */
final class InboundFrames implements ExecutorChannelInterceptor {

	private static final Set<SimpMessageType> FROM_APPLICATION_CODE = Set.of(SimpMessageType.MESSAGE,
			SimpMessageType.SUBSCRIBE);

	private final RealtimeProperties.Limits limits;

	private final Hub hub;

	private final ThreadLocal<Boolean> handling = ThreadLocal.withInitial(() -> false);

	InboundFrames(RealtimeProperties.Limits limits, Hub hub) {
		this.limits = limits;
		this.hub = hub;
	}

	/** Whether the calling thread hands a client's frame to one of our handlers. */
	boolean isFromClient() {
		return this.handling.get();
	}

	/** What the calling thread sends on now comes from the application. */
	void handedOn() {
		this.handling.remove();
	}

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		FrameHeaders.of(message).check(this.limits.maxHeaders(), this.limits.maxHeaderSize().toBytes());
		return message;
	}

	@Override
	public Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
		this.handling.set(handler instanceof FromClients);
		return message;
	}

	@Override
	public void afterMessageHandled(Message<?> message, MessageChannel channel, MessageHandler handler,
			@Nullable Exception ex) {
		this.handling.remove();
		if (ex == null && handler instanceof SimpAnnotationMethodMessageHandler application
				&& isFor(application, message)) {
			answer(message);
		}
	}

	/** Whether the frame is handled by the application's methods. */
	static boolean isFor(SimpAnnotationMethodMessageHandler application, Message<?> message) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(message.getHeaders());
		Collection<String> prefixes = application.getDestinationPrefixes();
		return destination != null && type != null && FROM_APPLICATION_CODE.contains(type) && prefixes != null
				&& List.copyOf(prefixes).stream().anyMatch(destination::startsWith);
	}

	private void answer(Message<?> message) {
		String receipt = FrameHeaders.of(message).receipt();
		String sessionId = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		Connection connection = (sessionId != null) ? this.hub.connection(sessionId) : null;
		if (receipt != null && connection != null) {
			connection.send(Frame.of(StompFrames.receipt(receipt, Map.of())));
		}
	}

	/** Our handlers, which must know whether a client or the application speaks. */
	interface FromClients {

	}

}
