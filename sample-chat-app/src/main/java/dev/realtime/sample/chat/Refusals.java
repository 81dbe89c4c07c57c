package dev.realtime.sample.chat;

import dev.realtime.PublishException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.web.bind.annotation.ControllerAdvice;

/**
 * The sender alone learns what was wrong. It goes to all connections of theirs, not only
 * to the one that it came from: without WebSockets each SEND is a request of its own, on
 * which nothing can be waited for.
 */
@ControllerAdvice
class Refusals {

	private static final Logger logger = LoggerFactory.getLogger(Refusals.class);

	@MessageExceptionHandler
	@SendToUser("/queue/errors")
	Refusal refuse(Exception failure, @Header(name = "nativeHeaders.id", required = false) @Nullable String id) {
		if (failure instanceof RefusedException refused) {
			return new Refusal(id, refused.sentence(), false);
		}
		if (failure instanceof MessageConversionException) {
			return new Refusal(id, "Send JSON, such as {\"text\": \"hello\"}", false);
		}
		logger.warn("A client's message could not be handled", failure);
		return new Refusal(id, (failure instanceof PublishException) ? "The message could not be stored"
				: "The server failed to handle the message", true);
	}

	/**
	 * Why a message was not published.
	 *
	 * @param id the sender's id of the message, or null
	 * @param why a sentence for the sender
	 * @param retry whether the same message may work later
	 */
	record Refusal(@Nullable String id, String why, boolean retry) {
	}

}
