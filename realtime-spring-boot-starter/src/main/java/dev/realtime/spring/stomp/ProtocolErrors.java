package dev.realtime.spring.stomp;

import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.spring.Incident;
import dev.realtime.spring.RefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompConversionException;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;

/**
 * Answers frames that could not be handled. The answer is a sentence of
 * {@link RefusedException} or a fixed one, never the text of another exception. A client
 * that asked for control events is told {@code denied} and stays connected when only one
 * of its frames was refused.
 */
final class ProtocolErrors extends StompSubProtocolErrorHandler {

	private static final Logger logger = LoggerFactory.getLogger(ProtocolErrors.class);

	private static final byte[] NO_BODY = {};

	private final Hub hub;

	ProtocolErrors(Hub hub) {
		this.hub = hub;
	}

	/** Returns an ERROR after which Spring closes with 1002, or null when answered. */
	@Override
	public @Nullable Message<byte[]> handleClientMessageProcessingError(@Nullable Message<byte[]> clientMessage,
			Throwable failure) {
		if (clientMessage == null) {
			return error(unreadable(failure));
		}
		if (InboundFrames.isGoodbye(clientMessage)) {
			logger.debug("An interceptor stopped a DISCONNECT; the session ends anyway", Incident.plain(failure));
			return null;
		}
		FrameHeaders frame = FrameHeaders.of(clientMessage);
		Connection connection = connection(clientMessage);
		if (connection != null) {
			Refusals.answer(connection, failure, frame,
					SimpMessageHeaderAccessor.getDestination(clientMessage.getHeaders()));
		}
		return null;
	}

	private @Nullable Connection connection(Message<byte[]> clientMessage) {
		String sessionId = SimpMessageHeaderAccessor.getSessionId(clientMessage.getHeaders());
		return (sessionId != null) ? this.hub.connection(sessionId) : null;
	}

	/** A decorator of the application has made of a frame what is none. */
	private static String unreadable(Throwable failure) {
		RefusedException refusal = Refusals.find(failure);
		if (refusal != null) {
			return refusal.sentence();
		}
		if (failure instanceof StompConversionException || failure instanceof IllegalArgumentException) {
			logger.debug("A frame could not be read", Incident.plain(failure));
			return "This is not a STOMP 1.2 frame, or it is larger than allowed";
		}
		return Incident.log(logger, "the frame could not be read", failure);
	}

	private static Message<byte[]> error(String sentence) {
		StompHeaderAccessor error = StompHeaderAccessor.create(StompCommand.ERROR);
		error.setMessage(sentence);
		error.setLeaveMutable(true);
		return MessageBuilder.createMessage(NO_BODY, error.getMessageHeaders());
	}

}
