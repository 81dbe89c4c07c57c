package dev.realtime.spring.stomp;

import java.nio.charset.StandardCharsets;

import dev.realtime.hub.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;

/**
 * Answers frames that could not be handled: with a sentence that says what was wrong, and
 * never with an exception's class or a stack trace. A client that asked for control
 * events is told {@code denied} and stays connected when only one frame of it was
 * refused.
 */
final class ProtocolErrors extends StompSubProtocolErrorHandler {

	private final Hub hub;

	ProtocolErrors(Hub hub) {
		this.hub = hub;
	}

	@Override
	public @Nullable Message<byte[]> handleClientMessageProcessingError(@Nullable Message<byte[]> clientMessage,
			Throwable failure) {
		String sentence = sentence(failure);
		Connection connection = connection(clientMessage);
		if (clientMessage != null && connection != null && connection.wantsControlEvents()) {
			FrameHeaders frame = FrameHeaders.of(clientMessage);
			boolean unused = connection.sendControl(StompFrames.denied("refused", sentence, frame.receipt(),
					frame.subscriptionId(), SimpMessageHeaderAccessor.getDestination(clientMessage.getHeaders())));
			return null;
		}
		StompHeaderAccessor error = StompHeaderAccessor.create(StompCommand.ERROR);
		error.setMessage(sentence);
		error.setLeaveMutable(true);
		if (clientMessage != null) {
			String receipt = FrameHeaders.of(clientMessage).receipt();
			if (receipt != null) {
				error.setReceiptId(receipt);
			}
		}
		return MessageBuilder.createMessage("".getBytes(StandardCharsets.UTF_8), error.getMessageHeaders());
	}

	private @Nullable Connection connection(@Nullable Message<byte[]> clientMessage) {
		String sessionId = (clientMessage != null) ? SimpMessageHeaderAccessor.getSessionId(clientMessage.getHeaders())
				: null;
		return (sessionId != null) ? this.hub.connection(sessionId) : null;
	}

	/** The innermost message that was written for people; else a general one. */
	private static String sentence(Throwable failure) {
		Throwable cause = failure;
		while (cause instanceof MessagingException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		String text = cause.getMessage();
		if (text == null || text.isBlank()) {
			return "The frame could not be handled";
		}
		if (text.startsWith("Unknown session")) {
			return "Send CONNECT first, and wait for CONNECTED";
		}
		if (text.startsWith("Session already exists")) {
			return "CONNECT was sent twice on this connection";
		}
		return (text.length() > 250) ? text.substring(0, 250) + "…" : text;
	}

}
